/** What closures cost, in rounds of fresh processes. */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { describeMachine, loadAverage } from './machine.mjs';

const scriptPath = fileURLToPath(new URL('./closures-once.mjs', import.meta.url));
const parts = ['encode', 'rebuild', 'roundTrip', 'memory'];

/** What `renderClosures` shows. */
export function measureClosures({ rounds, size }) {
  const loadBefore = loadAverage();
  const values = Object.fromEntries(parts.map((part) => [part, []]));
  for (let round = 0; round < rounds; round++) for (const part of parts) values[part].push(once(part, size));
  return { machine: describeMachine(), loadBefore, loadAfter: loadAverage(), rounds, values };
}

function once(part, size) {
  const args = ['--expose-gc', scriptPath, part, size];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
