/** What is sent fails, is slow, is large, or is too much at once (C). */
import process from 'node:process';
import { registerSerializer } from 'troupe';
import { expect } from 'vitest';
import { meets } from '../../fixtures/conformance/tasks.mjs';
import { takes, Trap, trapSerializer } from '../../fixtures/conformance/traps.mjs';
import { add, echo, echoAfter, sizeOf } from '../../fixtures/life/answers.mjs';
import { openFolder } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('queue-pressure');
registerSerializer(Trap, trapSerializer);

/** Keeps this process from doing anything else. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Takes its time to be sent. */
class Slow {
  readonly value: number;
  readonly encodeMs: number;
  constructor(value: number, encodeMs: number) {
    this.value = value;
    this.encodeMs = encodeMs;
  }
}
registerSerializer(Slow, {
  encode({ value, encodeMs }) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, encodeMs);
    return { value };
  },
  decode: ({ value }) => new Slow(value, 0),
});
const valueOf = ({ value }: Slow): number => value;

scenario('C51', async ({ open }) => {
  const pool = open();
  const bad = Array.from({ length: 100 }, () => pool.submit(takes, new Trap('encode', 'throws')));
  const good = Array.from({ length: 100 }, (_, index) => pool.submit(echo, index));
  const errors = await Promise.all(bad.map(thrownBy));
  expect(errors[99]).toMatchObject({ name: 'RangeError', message: 'thrown in the trap' });
  expect(new Set(errors).size).toBe(100);
  expect((await Promise.all(good)).at(99)).toBe(99);
});

for (const [failAt, length, chunkSize] of [
  [3, 10, 1],
  [7, 20, 2],
  [7, 20, 4],
] as const) {
  scenario('C52', { detail: `item ${failAt} of ${length}, chunkSize ${chunkSize}` }, async ({ open }) => {
    const pool = open({ maxWorkers: 2 });
    function* source(): Generator<number> {
      for (let item = 0; item < length; item += 1) {
        if (item === failAt) throw new RangeError(`no item ${item}`);
        yield item;
      }
    }
    const error = await thrownBy(pool.map(echo<number>, source(), { chunkSize }).toArray());
    expect(error).toMatchObject({ name: 'RangeError', message: `no item ${failAt}` });
    expect(pool.stats()).toMatchObject({ rejected: 0, lost: 0 });
  });
}

scenario('C53', async ({ open }) => {
  const pool = open({ maxWorkers: 3 });
  const results = pool.map(echo<number>, [1, 2, 3, 4]).toArray();
  const closed = pool.close();
  expect(await results).toEqual([1, 2, 3, 4]);
  await closed;
});

scenario('C54', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const tasks = Array.from({ length: 50 }, (_, index) => pool.submit(echoAfter<number>, 10, index));
  await pool.close();
  expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => 'fulfilled'));
  expect(await Promise.all(tasks)).toEqual(Array.from({ length: 50 }, (_, index) => index));
});

// It is there twice, once in each process, and the system wants some, too.
const hasMemory = process.availableMemory() > 8e9;
scenario('C55', { isOff: !hasMemory, timeout: 240_000 }, async ({ open }) => {
  const pool = open();
  expect(await pool.submit(sizeOf, new Uint8Array(2_200_000_000))).toBe(2_200_000_000);
});

for (const cpus of [1, 2, 4]) {
  scenario('C56', { detail: `${2 * cpus + 2} workers on ${cpus} CPUs` }, async ({ open }) => {
    process.env['TROUPE_MAX_CPU_COUNT'] = String(cpus);
    try {
      const count = 2 * cpus + 2;
      const pool = open({ maxWorkers: count });
      const folder = openFolder();
      const pids = await Promise.all(Array.from({ length: count }, () => pool.submit(meets, folder, count)));
      expect(new Set(pids).size).toBe(count);
    } finally {
      delete process.env['TROUPE_MAX_CPU_COUNT'];
    }
  });
}

for (const [encodeMs, idleTimeoutMs] of [
  [20, 1],
  [20, 100],
  [100, 1],
  [100, 50],
] as const) {
  scenario('C57', { detail: `${encodeMs} ms to send, ${idleTimeoutMs} ms idle` }, async ({ open }) => {
    const pool = open({ maxWorkers: 2, idleTimeoutMs });
    const tasks = [0, 1, 2, 3, 4].map((value) => pool.submit(valueOf, new Slow(value, encodeMs)));
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4]);
    expect(pool.stats()).toMatchObject({ lost: 0, workersLost: 0 });
  });
}

scenario('C58', async ({ open }) => {
  const pool = open({ maxWorkers: 4, idleTimeoutMs: 1 });
  for (let round = 0; round < 5; round += 1) {
    const tasks = Array.from({ length: 8 }, (_, index) =>
      pool.submit(add, round, index).then((sum) => {
        // Results wait for this process to read them, and workers for something to do.
        block(1);
        return sum;
      }),
    );
    expect(await Promise.all(tasks)).toEqual(Array.from({ length: 8 }, (_, index) => round + index));
  }
  expect(pool.stats()).toMatchObject({ fulfilled: 40, lost: 0, workersLost: 0 });
});

scenario('C59', async ({ open }) => {
  const pool = open({ maxWorkers: 2, idleTimeoutMs: 1 });
  await pool.submit(echo, 1);
  const task = pool.submit(valueOf, new Slow(7, 1_000));
  await pool.close();
  expect(await task).toBe(7);
});
