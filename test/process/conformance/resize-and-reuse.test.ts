/** Pools become larger and smaller, let idle workers go, and are asked for again (E). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool, getReusablePool, InvalidOptionError, type Pool } from 'troupe';
import { expect } from 'vitest';
import { meets } from '../../fixtures/conformance/tasks.mjs';
import { echo, echoAfter, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs } from '../../fixtures/life/blocks.mjs';
import { openFolder, whenStarted } from '../../helpers/open-pool.ts';
import { waitUntil } from '../../helpers/processes.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('resize-and-reuse');

const pidsOf = (pool: Pool): (number | undefined)[] => pool.workers.map(({ pid }) => pid);

function assemble(pool: Pool, count: number): Promise<number[]> {
  const folder = openFolder();
  return Promise.all(Array.from({ length: count }, () => pool.submit(meets, folder, count)));
}

scenario('E78', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const pids = await assemble(pool, 2);
  const gate = join(openFolder(), 'gate');
  const running = pool.submit(echoesOnceThereIs, gate, 'done');
  await whenStarted(pool, running);
  pool.resize({ maxWorkers: 1 });
  writeFileSync(gate, '');
  expect(await running).toBe('done');
  await waitUntil('one worker is left', () => pool.workers.length === 1);
  expect(pids).toContain(pidsOf(pool)[0]);
});

scenario('E79', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const pids = await assemble(pool, 2);
  pool.resize({ maxWorkers: 2 });
  expect(new Set(await assemble(pool, 2))).toEqual(new Set(pids));
});

scenario('E80', async ({ open }) => {
  const pool = open();
  const pid = await pool.submit(workerPid);
  pool.resize({ maxWorkers: 2 });
  const pids = await assemble(pool, 2);
  expect(pids).toContain(pid);
  expect(new Set(pids).size).toBe(2);
});

const sizes = [12, 2, 1, 12, 6, 1, 8, 5];
const sixTasks = (pool: Pool): Promise<number>[] =>
  [0, 1, 2, 3, 4, 5].map((value) => pool.submit(echoAfter<number>, 10, value));

scenario('E81', async ({ open }) => {
  const pool = open({ maxWorkers: 1 });
  const tasks = sizes.flatMap((maxWorkers) => {
    pool.resize({ maxWorkers });
    return sixTasks(pool);
  });
  expect(await Promise.all(tasks)).toEqual(sizes.flatMap(() => [0, 1, 2, 3, 4, 5]));
});

for (const [id, end, status] of [
  ['E82', 'close', 'fulfilled'],
  ['E83', 'terminate', 'rejected'],
] as const) {
  scenario(id, async () => {
    const ends: Promise<void>[] = [];
    const tasks = sizes.flatMap((maxWorkers) => {
      const pool = createPool({ maxWorkers, stdio: 'ignore' });
      const started = sixTasks(pool);
      ends.push(pool[end]());
      return started;
    });
    const settled = await Promise.allSettled(tasks);
    expect(new Set(settled.map((each) => each.status))).toEqual(new Set([status]));
    await Promise.all(ends);
  });
}

scenario('E85', async ({ open }) => {
  const pool = open({ maxWorkers: 2, idleTimeoutMs: 1 });
  for (const maxWorkers of [2, 8, 2]) {
    pool.resize({ maxWorkers });
    await waitUntil('its workers have left', () => pool.workers.length === 0);
    expect(await pool.submit(echo, 42)).toBe(42);
  }
});

scenario('E86', async ({ open }) => {
  const pool = open({ maxWorkers: 4, idleTimeoutMs: 10 });
  for (let round = 0; round < 5; round += 1) {
    const tasks = Array.from({ length: 8 }, (_, index) => pool.submit(echo<number>, index));
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    await waitUntil('no worker is left', () => pool.workers.length === 0);
  }
  expect(pool.stats()).toMatchObject({ fulfilled: 40, workersLost: 0 });
});

const quiet = { stdio: 'ignore' } as const;

scenario('E87', async () => {
  const pool = getReusablePool({ ...quiet, maxWorkers: 2 });
  const pids = await assemble(pool, 2);
  expect(getReusablePool({ ...quiet, maxWorkers: 2 })).toBe(pool);
  expect(new Set(await assemble(pool, 2))).toEqual(new Set(pids));
  await pool.terminate();
  const next = getReusablePool({ ...quiet, maxWorkers: 2 });
  expect(next).not.toBe(pool);
  expect(await next.submit(echo, 42)).toBe(42);
  await next.close();
});

scenario('E88', async () => {
  const pool = getReusablePool({ ...quiet, maxWorkers: 3, idleTimeoutMs: 42_000 });
  expect(getReusablePool({ ...quiet, maxWorkers: 2, idleTimeoutMs: 42_000 })).toBe(pool);
  const plain = getReusablePool(quiet);
  expect(plain).not.toBe(pool);
  expect(getReusablePool(quiet)).toBe(plain);
  expect(await Promise.all([pool.submit(echo, 1), plain.submit(echo, 2)])).toEqual([1, 2]);
  await Promise.all([pool.close(), plain.close()]);
});

scenario('E89', async ({ open }) => {
  const pool = open();
  for (const maxWorkers of [0, -1]) {
    expect(() => createPool({ maxWorkers })).toThrow(InvalidOptionError);
    expect(() => pool.resize({ maxWorkers })).toThrow(InvalidOptionError);
  }
  expect(() => pool.resize(null as never)).toThrow(InvalidOptionError);
});

scenario('E91', async ({ open }) => {
  const pool = open({ maxWorkers: 62 });
  expect(await Promise.all([pool.submit(echo, 1), pool.submit(echo, 2)])).toEqual([1, 2]);
  pool.resize({ maxWorkers: 2 });
  expect(await pool.submit(echo, 3)).toBe(3);
});
