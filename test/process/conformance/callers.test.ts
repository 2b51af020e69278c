/** Many callers use one pool at once, and callbacks submit what comes next (F). */
import { getReusablePool, type Pool, TaskCancelledError, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { end } from '../../fixtures/conformance/traps.mjs';
import { echo } from '../../fixtures/life/answers.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('callers');

const callers = Array.from({ length: 10 }, (_, index) => index);
const items = (count: number, first: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

async function mapsFiveTimes(pool: Pool, caller: number, isVarying: boolean): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    if (isVarying) pool.resize({ maxWorkers: 1 + ((caller + round) % 4) });
    const given = items(10, 100 * caller + round);
    expect(await pool.map(echo<number>, given).toArray()).toEqual(given);
  }
}

for (const [id, { isVarying, isCrashed }] of [
  ['F92', { isVarying: false, isCrashed: false }],
  ['F93', { isVarying: false, isCrashed: true }],
  ['F94', { isVarying: true, isCrashed: false }],
  ['F95', { isVarying: true, isCrashed: true }],
] as const) {
  scenario(id, async ({ open }) => {
    const pool = open({ maxWorkers: 2 });
    if (isCrashed) await rejectionOf(pool.submit(end, 'segfaults'), WorkerLostError);
    await Promise.all(callers.map((caller) => mapsFiveTimes(pool, caller, isVarying)));
    expect(pool.stats()).toMatchObject({ fulfilled: 500, rejected: 0, lost: isCrashed ? 1 : 0 });
  });
}

/** Every second task is cancelled at once. */
async function submitsAndCancels(pool: Pool, caller: number): Promise<void> {
  const tasks = items(20, caller).map((value) => pool.submit(echo<number>, value));
  const settled = tasks.map((task, index) =>
    index % 2 === 0 ? task : rejectionOf(task, TaskCancelledError),
  );
  for (const [index, task] of tasks.entries()) if (index % 2 === 1) task.cancel();
  const values = await Promise.all(settled);
  expect(values.filter((_, index) => index % 2 === 0)).toEqual(
    items(20, caller).filter((_, index) => index % 2 === 0),
  );
}

scenario('F96', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  await Promise.all(
    callers.map(async (caller) => {
      const given = items(40, caller);
      const first = pool.map(echo<number>, given).toArray();
      const cancelled = submitsAndCancels(pool, caller);
      const second = pool.map(echo<number>, given, { chunkSize: 7 }).toArray();
      expect(await first).toEqual(given);
      expect(await second).toEqual(given);
      await cancelled;
    }),
  );
  expect(pool.stats()).toMatchObject({ cancelled: 100, rejected: 0, lost: 0, waiting: 0, running: 0 });
});

const shared = (version: number): Pool =>
  getReusablePool({ maxWorkers: 1, stdio: 'ignore', env: { ...process.env, VERSION: String(version) } });

scenario('F97', async () => {
  const pool = shared(1);
  const other = shared(2);
  expect(other).not.toBe(pool);
  expect(await pool.submit(echo, 'still served')).toBe('still served');
  await Promise.all([pool.close(), other.close()]);
});

for (const round of [1, 2]) {
  scenario('F98', { detail: `round ${round}` }, async () => {
    const pools = new Set<Pool>();
    const ask = async (version: number): Promise<string | undefined> => {
      const pool = shared(version);
      pools.add(pool);
      return pool.submit(() => process.env['VERSION']);
    };
    const versions = items(20, 0);
    expect(await Promise.all(versions.map(ask))).toEqual(versions.map(String));
    await Promise.all([...pools].map((pool) => pool.close()));
  });
}

scenario('F99', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const chain = async (depth: number): Promise<number[]> => {
    const counts: number[] = [];
    const step = (left: number): Promise<void> =>
      pool.submit(echo<number>, left).then((value) => {
        counts.push(value);
        return value > 1 ? step(value - 1) : undefined;
      });
    await step(depth);
    return counts;
  };
  const depths = [100, 50, 60];
  expect(await Promise.all(depths.map(chain))).toEqual(depths.map((depth) => items(depth, 1).toReversed()));
});
