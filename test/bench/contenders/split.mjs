/** No pool at all: some processes, and each is told once which pieces of the work are its own. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const childPath = fileURLToPath(new URL('../workload/split-child.mjs', import.meta.url));

/** Starts `workers` processes; `map` deals the values to them beforehand, one after another. */
export function open({ workers }) {
  const children = Array.from({ length: workers }, () => fork(childPath, { serialization: 'advanced' }));
  return {
    isDealt: true,
    async map(task, values) {
      const shares = children.map((_, worker) =>
        values.filter((_value, index) => index % workers === worker),
      );
      const answers = await Promise.all(children.map((child, worker) => ask(child, [task, shares[worker]])));
      return values.map((_, index) => answers[index % workers][Math.floor(index / workers)]);
    },
    close: () => children.map((child) => child.disconnect()),
  };
}

async function ask(child, message) {
  child.send(message);
  const [answer] = await once(child, 'message');
  return answer;
}
