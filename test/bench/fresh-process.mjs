/** Runs one measurement of one contender in a process of its own, and ends that process whatever happens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const repositoryPath = fileURLToPath(new URL('../../', import.meta.url));
const scriptPath = fileURLToPath(new URL('./measure-once.mjs', import.meta.url));
const outcomeDescriptor = 3;

/** Resolves, never rejects, to `{ kind: 'measured' | 'hang' | 'failed', values?, note? }`. */
export async function measureInFreshProcess({ contender, measurement, size, limitMs }) {
  const { NODE_EXTRA_CA_CERTS: _slowsEachStart, ...env } = process.env;
  const child = spawn(process.execPath, [scriptPath, contender, measurement, size], {
    env,
    // A process group of its own: whatever a contender leaves behind can be ended with it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const stop = () => killGroup(child.pid);
  const limit = setTimeout(stop, limitMs);
  const outcomeText = text(child.stdio[outcomeDescriptor]);
  const errorText = text(child.stderr);
  const [exitCode, signal] = await once(child, 'exit');
  clearTimeout(limit);
  stop();
  const outcome = outcomeOf(await outcomeText, { exitCode, signal, errorText: await errorText, limitMs });
  // Messages name files by where they lie here, which is nobody else's business.
  return { ...outcome, note: (outcome.note ?? '').replaceAll(repositoryPath, '') };
}

function outcomeOf(outcomeText, { exitCode, signal, errorText, limitMs }) {
  if (outcomeText !== '') return JSON.parse(outcomeText);
  if (signal === 'SIGKILL') return { kind: 'hang', note: `no end within ${limitMs / 1000} s` };
  const said = errorText.split('\n').find((line) => /Error/u.test(line)) ?? `exit code ${exitCode}`;
  return { kind: 'failed', note: `the measuring process died: ${said.trim()}` };
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
