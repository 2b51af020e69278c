/** No pool at all: `child_process.fork` and `send`. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const childPath = fileURLToPath(new URL('../workload/fork-child.mjs', import.meta.url));

/** Starts `workers` processes and deals messages to them in turn. */
export function open({ workers, isStructured }) {
  const serialization = isStructured ? 'advanced' : 'json';
  const lines = Array.from({ length: workers }, () => openLine(serialization));
  let calls = 0;
  return {
    call: (task, value) => lines[calls++ % workers].ask(task, value),
    close: () => lines.map(({ child }) => child.disconnect()),
  };
}

function openLine(serialization) {
  const child = fork(childPath, { serialization });
  const waiting = new Map();
  let asked = 0;
  child.on('message', ([id, result]) => {
    waiting.get(id)(result);
    waiting.delete(id);
  });
  const ask = (task, value) =>
    new Promise((resolve) => {
      waiting.set(asked, resolve);
      child.send([asked++, task, value]);
    });
  return { child, ask };
}
