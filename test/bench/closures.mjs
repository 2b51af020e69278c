/** What closures cost: `node test/bench/closures.mjs [--write-docs]`, after a build; a minute. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describeMachine, loadAverage } from './machine.mjs';
import { renderClosures } from './closures-page.mjs';
import { writeDocs } from './write-docs.mjs';

const scriptPath = fileURLToPath(new URL('./closures-once.mjs', import.meta.url));
const dataFile = fileURLToPath(new URL('./results/latest.json', import.meta.url));
const parts = ['encode', 'rebuild', 'roundTrip', 'memory'];
const rounds = 5;

function measure() {
  const loadBefore = loadAverage();
  const values = Object.fromEntries(parts.map((part) => [part, []]));
  for (let round = 0; round < rounds; round++) for (const part of parts) values[part].push(once(part));
  return { machine: describeMachine(), loadBefore, loadAfter: loadAverage(), rounds, values };
}

function once(part) {
  return JSON.parse(execFileSync(process.execPath, ['--expose-gc', scriptPath, part], { encoding: 'utf8' }));
}

const closures = measure();
process.stdout.write(`${renderClosures(closures)}\n`);
if (process.argv.includes('--write-docs'))
  writeDocs({ ...JSON.parse(readFileSync(dataFile, 'utf8')), closures });
