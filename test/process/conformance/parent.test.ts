/**
 * What loky's own tests do not try with the parent process, and troupe promises (X1–X3, X8, X9, X17, X19).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createPool, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { add } from '../../fixtures/life/answers.mjs';
import { exits } from '../../fixtures/life/dies.mjs';
import { startProgram, startProgramWithFiles } from '../../helpers/life-programs.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { createRestDetector, openFileCount, survivorsOf, waitUntil } from '../../helpers/processes.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('parent');

scenario('X1', { needsLinux: true }, async () => {
  const program = startProgram('family.mjs', 'wait', openFolder(), 'idle', 'idle');
  const children = await program.nextLine<number[]>();
  process.kill(program.pid, 'SIGKILL');
  expect(children).toHaveLength(2);
  expect(await survivorsOf(children)).toEqual([]);
});

scenario('X2', { needsLinux: true }, async () => {
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

scenario('X3', { needsLinux: true }, async () => {
  const program = startProgram('family.mjs', 'wait', openFolder(), 'idle', 'busy');
  const children = await program.nextLine<number[]>();
  process.kill(program.pid, 'SIGTERM');
  expect(await program.ended).toBe('SIGTERM');
  expect(await survivorsOf(children)).toEqual([]);
});

scenario('X8', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const sums = await pool.submit(add, 0, 0).then(() => {
    const tasks = Array.from({ length: 20_500 }, (_, index) => pool.submit(add, index, 1));
    return Promise.all(tasks);
  });
  expect(sums).toEqual(Array.from({ length: 20_500 }, (_, index) => index + 1));
});

scenario('X9', { needsLinux: true }, async () => {
  const program = startProgram('catches-interrupt.mjs', join(openFolder(), 'gate'));
  expect(await program.nextLine()).toBe('running');
  process.kill(-program.pid, 'SIGINT');
  const report = { value: 'completed', next: 3, workersLost: 0, state: 'running' };
  expect(await program.nextLine()).toEqual(report);
  expect(await program.ended).toBe(0);
});

scenario('X17', { needsLinux: true }, async () => {
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

scenario(
  'X19',
  { detail: 'no process can be made in a missing folder; the pool beside it works' },
  async ({ open }) => {
    const good = open();
    const bad = open({ cwd: join(openFolder(), 'missing'), restarts: { max: 2 } });
    const [refused, value] = await Promise.allSettled([bad.submit(add, 1, 2), good.submit(add, 1, 2)]);
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'ERR_TROUPE_POOL_BROKEN' } });
    expect(value).toEqual({ status: 'fulfilled', value: 3 });
    expect([bad.state, good.state]).toEqual(['broken', 'running']);
    await expect(bad.submit(add, 1, 2)).rejects.toThrow(/missing does not exist/u);
    expect(await good.submit(add, 3, 4)).toBe(7);
    await bad.close();
  },
);

scenario(
  'X19',
  { detail: 'out of file descriptors for a while, the pool waits and then serves', needsLinux: true },
  async () => {
    const program = startProgramWithFiles(160, 'runs-out-of-files.mjs');
    const report = await program.nextLine<{ failures: string[] }>();
    expect(report).toMatchObject({ values: [5, 7], states: ['running', 'running'] });
    expect(new Set(report.failures)).toEqual(new Set(['spawnFailed']));
    expect(await program.ended).toBe(0);
  },
);
