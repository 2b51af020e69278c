/** What starting Node costs anyone: a process that does nothing, from start to end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** `call` starts such a process for each worker. */
export function open({ workers }) {
  return {
    call: () => Promise.all(Array.from({ length: workers }, runEmpty)),
    isEmpty: true,
    close: () => undefined,
  };
}

async function runEmpty() {
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
}
