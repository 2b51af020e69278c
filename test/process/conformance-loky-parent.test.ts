/**
 * What loky's own tests do not try with the parent process, and troupe promises (X1–X3, X8, X9, X17, X19).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createPool, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { add } from '../fixtures/life/answers.mjs';
import { exits } from '../fixtures/life/dies.mjs';
import { startProgram, startProgramWithFiles } from '../helpers/life-programs.ts';
import { openFolder, openPool } from '../helpers/open-pool.ts';
import { createRestDetector, openFileCount, survivorsOf, waitUntil } from '../helpers/processes.ts';

const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('no orphans', () => {
  test('X1: the parent is SIGKILLed while its workers are idle', async () => {
    const program = startProgram('family.mjs', 'wait', openFolder(), 'idle', 'idle');
    const children = await program.nextLine<number[]>();
    process.kill(program.pid, 'SIGKILL');
    expect(children).toHaveLength(2);
    expect(await survivorsOf(children)).toEqual([]);
  });

  test('X2: the parent is SIGKILLed while a worker returns 10 MB that nobody reads', async () => {
    const file = join(openFolder(), 'returning');
    const program = startProgram('does-not-read.mjs', file, '10000000');
    const children = await program.nextLine<number[]>();
    await waitUntil('the task returns', () => existsSync(file));
    const rest = children.map(createRestDetector);
    await waitUntil('the result is stuck', () => rest.map((isAtRest) => isAtRest()).every(Boolean));
    process.kill(program.pid, 'SIGKILL');
    expect(children).toHaveLength(2);
    expect(await survivorsOf(children)).toEqual([]);
  });

  test('X3: the parent gets SIGTERM and does nothing about it', async () => {
    const program = startProgram('family.mjs', 'wait', openFolder(), 'idle', 'busy');
    const children = await program.nextLine<number[]>();
    process.kill(program.pid, 'SIGTERM');
    expect(await program.ended).toBe('SIGTERM');
    expect(await survivorsOf(children)).toEqual([]);
  });
});

test('X8: a callback submits more than 20,000 tasks', { timeout: 60_000 }, async () => {
  const pool = openPool({ maxWorkers: 2 });
  const sums = await pool.submit(add, 0, 0).then(() => {
    const tasks = Array.from({ length: 20_500 }, (_, index) => pool.submit(add, index, 1));
    return Promise.all(tasks);
  });
  expect(sums).toEqual(Array.from({ length: 20_500 }, (_, index) => index + 1));
});

test.skipIf(process.platform === 'win32')(
  'X9: Ctrl-C to the process group is the parent’s business',
  async () => {
    const program = startProgram('catches-interrupt.mjs', join(openFolder(), 'gate'));
    expect(await program.nextLine()).toBe('running');
    process.kill(-program.pid, 'SIGINT');
    const report = { value: 'completed', next: 3, workersLost: 0, state: 'running' };
    expect(await program.nextLine()).toEqual(report);
    expect(await program.ended).toBe(0);
  },
);

test.skipIf(!isLinux)('X17: 10 pools that close and 10 that crash leave no file open', async () => {
  const liveAndClose = async (): Promise<void> => {
    const pool = createPool({ maxWorkers: 1, stdio: 'ignore' });
    expect(await pool.submit(add, 1, 2)).toBe(3);
    await pool.close();
  };
  const crashAndTerminate = async (): Promise<void> => {
    const pool = createPool({ maxWorkers: 1, stdio: 'ignore' });
    await expect(pool.submit(exits, 7)).rejects.toThrow(WorkerLostError);
    await pool.terminate();
  };
  // The first pool of a process opens what all of them share.
  await liveAndClose();
  await crashAndTerminate();
  const before = openFileCount();
  for (let round = 0; round < 10; round += 1) {
    await liveAndClose();
    await crashAndTerminate();
  }
  await waitUntil(`at most ${before} files are open`, () => openFileCount() <= before);
});

test('X19: no process can be made in a missing folder; the pool beside it works', async () => {
  const good = openPool();
  const bad = openPool({ cwd: join(openFolder(), 'missing'), restarts: { max: 2 } });
  const [refused, value] = await Promise.allSettled([bad.submit(add, 1, 2), good.submit(add, 1, 2)]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'ERR_TROUPE_POOL_BROKEN' } });
  expect(value).toEqual({ status: 'fulfilled', value: 3 });
  expect([bad.state, good.state]).toEqual(['broken', 'running']);
  await expect(bad.submit(add, 1, 2)).rejects.toThrow(/missing does not exist/u);
  expect(await good.submit(add, 3, 4)).toBe(7);
  await bad.close();
});

test.skipIf(!isLinux)(
  'X19: out of file descriptors for a while, the pool waits and then serves',
  async () => {
    const program = startProgramWithFiles(160, 'runs-out-of-files.mjs');
    const report = await program.nextLine<{ failures: string[] }>();
    expect(report).toMatchObject({ values: [5, 7], states: ['running', 'running'] });
    expect(new Set(report.failures)).toEqual(new Set(['spawnFailed']));
    expect(await program.ended).toBe(0);
  },
);
