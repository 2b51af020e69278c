/** What loky's own tests do not try with dying workers, and troupe promises (X4–X7, X14–X16, X20, X21). */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createPool, PoolClosedError, TaskCancelledError, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { add, echo, sizeOf, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, spins } from '../../fixtures/life/blocks.mjs';
import { announcesAndFills, diesOf, exits } from '../../fixtures/life/dies.mjs';
import { nextEvent, openFolder, whenStarted, workerPidOf } from '../../helpers/open-pool.ts';
import { blockUntil, createRestDetector, processLetter, waitUntil } from '../../helpers/processes.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('worker');

const mebibyte = 2 ** 20;

scenario('X4', { needsLinux: true }, async ({ open }) => {
  const pool = open();
  const file = join(openFolder(), 'returning');
  const large = pool.submit(announcesAndFills, file, 64 * mebibyte);
  const next = pool.submit(add, 1, 2);
  const pid = await whenStarted(pool, large);
  // Nobody reads meanwhile: the worker fills the socket, and waits.
  blockUntil('the task returns', () => existsSync(file));
  blockUntil('the result is stuck', createRestDetector(pid));
  process.kill(pid, 'SIGKILL');
  expect(await rejectionOf(large, WorkerLostError)).toMatchObject({
    pid,
    signal: 'SIGKILL',
    likelyCause: 'killed',
  });
  expect(await next).toBe(3);
});

scenario('X5', async ({ open }) => {
  const pool = open();
  const running = pool.submit(spins);
  const cancelled = pool.submit(add, 1, 1);
  const waiting = pool.submit(add, 1, 2);
  const pid = await whenStarted(pool, running);
  cancelled.cancel();
  process.kill(pid, 'SIGKILL');
  await rejectionOf(cancelled, TaskCancelledError);
  await rejectionOf(running, WorkerLostError);
  expect(await waiting).toBe(3);
  expect(pool.stats()).toMatchObject({ fulfilled: 1, cancelled: 1, lost: 1, waiting: 0, running: 0 });
});

scenario('X6', async ({ open }) => {
  const pool = open();
  const running = pool.submit(spins);
  const cancelled = pool.submit(add, 1, 1);
  const waiting = pool.submit(add, 1, 2);
  await whenStarted(pool, running);
  cancelled.cancel();
  const settled = Promise.allSettled([cancelled, running, waiting]);
  await pool.terminate();
  const reasons = (await settled).map((result) =>
    result.status === 'rejected' ? (result.reason as unknown) : result,
  );
  expect(reasons).toEqual([
    expect.any(TaskCancelledError),
    expect.any(PoolClosedError),
    expect.any(PoolClosedError),
  ]);
  expect([pool.state, pool.workers]).toEqual(['closed', []]);
});

scenario('X7', async () => {
  for (let round = 0; round < 30; round += 1) {
    const pool = createPool({ maxWorkers: 1, stdio: 'ignore' });
    if (round % 3 === 2) await pool.submit(add, 1, 2);
    const task = pool.submit(add, 1, 2);
    // In turn: the worker was asked for, it starts, it is ready.
    if (round % 3 === 1) await nextTurn();
    task.cancel();
    const [settled] = await Promise.all([Promise.allSettled([task]), pool.close()]);
    expect(settled).toMatchObject([{ status: 'rejected', reason: { name: 'AbortError' } }]);
    expect([pool.state, pool.workers]).toEqual(['closed', []]);
  }
});

scenario(
  'X14',
  { detail: 'an idle worker is SIGKILLed, and the next task knows nothing of it' },
  async ({ open }) => {
    const pool = open();
    const pid = await pool.submit(workerPid);
    const left = nextEvent(pool, 'workerExited');
    process.kill(pid, 'SIGKILL');
    expect(await left).toMatchObject({ pid, signal: 'SIGKILL', lostTasks: [] });
    expect(await pool.submit(workerPid)).not.toBe(pid);
    expect(pool.stats()).toMatchObject({ state: 'running', fulfilled: 2, lost: 0, rejected: 0 });
  },
);

scenario('X14', { detail: 'an idle worker is SIGKILLed and a task submitted at once' }, async ({ open }) => {
  const pool = open();
  for (let round = 0; round < 20; round += 1) {
    const pid = await pool.submit(workerPid);
    process.kill(pid, 'SIGKILL');
    const [settled] = await Promise.allSettled([pool.submit(workerPid)]);
    // It may have been on its way into the dead: then it had not started, unless the worker still said so.
    if (settled.status === 'fulfilled') expect(settled.value).not.toBe(pid);
    else expect(settled.reason).toMatchObject({ code: 'ERR_TROUPE_WORKER_LOST', pid });
  }
});

scenario('X15', async ({ open }) => {
  const pool = open({ maxWorkers: 3 });
  const gate = join(openFolder(), 'gate');
  const running = ['a', 'b'].map((value) => pool.submit(echoesOnceThereIs, gate, value));
  await Promise.all(running.map((task) => whenStarted(pool, task)));
  const crash = pool.submit(exits, 7);
  const waiting = ['c', 'd'].map((value) => pool.submit(echo, value));
  expect(await rejectionOf(crash, WorkerLostError)).toMatchObject({ exitCode: 7, likelyCause: 'exit' });
  writeFileSync(gate, '');
  expect(await Promise.all([...running, ...waiting])).toEqual(['a', 'b', 'c', 'd']);
});

scenario('X16', { needsLinux: true }, async ({ open }) => {
  const pool = open();
  const pid = await pool.submit(workerPid);
  process.kill(pid, 'SIGSTOP');
  await waitUntil('it is stopped', () => processLetter(pid) === 'T');
  const task = pool.submit(sizeOf, new Uint8Array(200_000_000));
  await nextTurn();
  await nextTurn();
  process.kill(pid, 'SIGKILL');
  // It had not started, so it goes to the next worker, whole.
  expect(await task).toBe(200_000_000);
  expect(pool.stats()).toMatchObject({ lost: 0, workersLost: 1 });
});

scenario('X20', async ({ open }) => {
  const [crashing, other] = [open({ name: 'crashing' }), open({ name: 'other' })];
  const gate = join(openFolder(), 'gate');
  const running = other.submit(echoesOnceThereIs, gate, 'untouched');
  const pid = await whenStarted(other, running);
  await rejectionOf(crashing.submit(diesOf, 'SIGABRT'), WorkerLostError);
  expect(workerPidOf(other, running)).toBe(pid);
  writeFileSync(gate, '');
  expect(await running).toBe('untouched');
  expect(other.stats()).toMatchObject({ workersLost: 0, fulfilled: 1 });
});

scenario('X21', { timeout: 120_000 }, async ({ open }) => {
  const pool = open({ maxWorkers: 2, idleTimeoutMs: 1 });
  for (let round = 0; round < 200; round += 1) {
    expect(await Promise.all([pool.submit(add, round, 1), pool.submit(add, round, 2)])).toEqual([
      round + 1,
      round + 2,
    ]);
    // Now and then the worker has just been asked to leave, now and then it is about to be.
    const until = performance.now() + (round % 5) / 2;
    while (performance.now() < until) await nextTurn();
  }
  expect(pool.stats()).toMatchObject({ fulfilled: 400, lost: 0, rejected: 0, workersLost: 0 });
});
