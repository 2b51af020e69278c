/** Runs what `npm test` does with coverage of this process and of all children: `node .ci/coverage.mjs [arguments of vitest]`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'coverage/tmp');

rmSync(folder, { recursive: true, force: true });
run('npm', ['run', '-s', 'build'], {});
// Without these files, processes run the modules they are made of, which the report is about.
for (const name of ['child/entry', 'bundle/index', 'bundle/jest-worker', 'bundle/tinypool'])
  for (const part of ['', '-child']) rmSync(path.join(root, `dist/src/${name}${part}.cjs`), { force: true });
const tests = run('npx', ['vitest', 'run', ...process.argv.slice(2)], { NODE_V8_COVERAGE: folder });
if (existsSync(folder)) {
  for (const file of readdirSync(folder)) keepFilesOnly(path.join(folder, file));
  run('npm', ['run', '-s', 'coverage:report'], {});
}
process.exitCode = tests.status ?? 1;

/** c8 does not get over the source map of a module that is no file (`data:`). */
function keepFilesOnly(report) {
  const content = parsed(report);
  if (content === undefined) return rmSync(report);
  const maps = Object.entries(content['source-map-cache'] ?? {});
  if (maps.every(([url]) => url.startsWith('file:'))) return undefined;
  content['source-map-cache'] = Object.fromEntries(maps.filter(([url]) => url.startsWith('file:')));
  return writeFileSync(report, JSON.stringify(content));
}

/** A process that was killed while it wrote leaves half a report. */
function parsed(report) {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return undefined;
  }
}

function run(command, args, env) {
  return spawnSync(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit' });
}
