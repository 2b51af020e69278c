/** What loky's own tests do not try with single tasks, and troupe promises (X10–X13, X18). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { RemoteError, TaskCancelledError, TaskTimeoutError, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { add, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, endsWhenAsked, logs, spins } from '../../fixtures/life/blocks.mjs';
import { failsToInitialize, throwsUnrebuildable, throwsUnserializable } from '../../fixtures/life/throws.mjs';
import { openFolder, whenStarted } from '../../helpers/open-pool.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('task');

scenario('X10', async ({ open }) => {
  const pool = open();
  const [error, pid, samePid] = await Promise.all([
    thrownBy(pool.submit(throwsUnserializable)),
    pool.submit(workerPid),
    pool.submit(workerPid),
  ]);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ message: expect.stringContaining('the original text') as string });
  expect(samePid).toBe(pid);
  expect(pool.stats()).toMatchObject({ rejected: 1, fulfilled: 2, workersLost: 0 });
});

scenario('X11', async ({ open }) => {
  const pool = open();
  const [error, pid] = await Promise.all([
    thrownBy(pool.submit(throwsUnrebuildable)),
    pool.submit(workerPid),
  ]);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ message: expect.stringContaining('SALT and PEPPER') as string });
  expect(error instanceof RemoteError ? error.remoteName : (error as Error).name).toBe('NeedsTwo');
  expect(await pool.submit(workerPid)).toBe(pid);
  expect(pool.stats()).toMatchObject({ workersLost: 0 });
});

scenario('X12', async ({ open }) => {
  const pool = open({ initialize: { fn: failsToInitialize }, restarts: { max: 1 } });
  const error = await thrownBy(pool.submit(add, 1, 2));
  expect(error).toMatchObject({
    code: 'ERR_TROUPE_POOL_BROKEN',
    message: expect.stringContaining('no connection to the database') as string,
    cause: {
      code: 'ERR_TROUPE_WORKER_START',
      cause: { name: 'RangeError', message: 'no connection to the database' },
    },
  });
  expect(pool.state).toBe('broken');
});

scenario('X13', { detail: 'a busy worker is stopped by SIGSTOP', needsLinux: true }, async ({ open }) => {
  const pool = open();
  const task = pool.submit(spins);
  const next = pool.submit(add, 1, 2);
  const pid = await whenStarted(pool, task);
  process.kill(pid, 'SIGSTOP');
  const error = await rejectionOf(task, WorkerLostError);
  expect(error).toMatchObject({ pid, likelyCause: 'unresponsive' });
  expect(error.message).toMatch(/stopped/u);
  expect(await next).toBe(3);
});

scenario('X13', { detail: 'an endless loop with a time limit' }, async ({ open }) => {
  const pool = open({ killGraceMs: 50 });
  const task = pool.with({ timeoutMs: 100 }).submit(spins);
  const next = pool.submit(add, 1, 2);
  expect(await rejectionOf(task, TaskTimeoutError)).toMatchObject({ kind: 'execution', limitMs: 100 });
  expect(await next).toBe(3);
});

scenario(
  'X18',
  { detail: 'a running task that listens is cancelled without losing its worker' },
  async ({ open }) => {
    const pool = open();
    const pid = await pool.submit(workerPid);
    const task = pool.submit(endsWhenAsked);
    await whenStarted(pool, task);
    task.cancel('changed my mind');
    expect(await rejectionOf(task, TaskCancelledError)).toMatchObject({
      name: 'AbortError',
      cause: 'changed my mind',
    });
    expect(await pool.submit(workerPid)).toBe(pid);
  },
);

scenario(
  'X18',
  { detail: 'a running task that does not listen is cancelled with its worker, and only that one' },
  async ({ open }) => {
    const pool = open({ maxWorkers: 2, killGraceMs: 20 });
    const gate = join(openFolder(), 'gate');
    const deaf = pool.submit(spins);
    const other = pool.submit(echoesOnceThereIs, gate, 'untouched');
    await Promise.all([whenStarted(pool, deaf), whenStarted(pool, other)]);
    deaf.cancel();
    await rejectionOf(deaf, TaskCancelledError);
    writeFileSync(gate, '');
    expect(await other).toBe('untouched');
    expect(pool.stats()).toMatchObject({ cancelled: 1, lost: 0 });
  },
);

scenario(
  'X18',
  { detail: 'a task that was handed to a busy worker is cancelled, and never runs' },
  async ({ open }) => {
    const pool = open();
    // Short tasks are handed over ahead of their start, once the pool knows that they are short.
    await Promise.all(Array.from({ length: 200 }, () => pool.submit(add, 1, 2)));
    const folder = openFolder();
    const [gate, never, after] = ['gate', 'never', 'after'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const running = pool.submit(echoesOnceThereIs, gate, 'first');
    const cancelled = pool.submit(logs, never, 'ran');
    const last = pool.submit(logs, after, 'ran');
    await whenStarted(pool, running);
    cancelled.cancel();
    await rejectionOf(cancelled, TaskCancelledError);
    writeFileSync(gate, '');
    expect(await Promise.all([running, last])).toEqual(['first', 'ran']);
    expect(existsSync(never)).toBe(false);
    expect(readFileSync(after, 'utf8')).toBe('ran\n');
    expect(pool.stats()).toMatchObject({ workersLost: 0, cancelled: 1 });
  },
);

scenario('X18', { detail: 'a task waits too long behind another' }, async ({ open }) => {
  const pool = open();
  const gate = join(openFolder(), 'gate');
  const running = pool.submit(echoesOnceThereIs, gate, 'first');
  await whenStarted(pool, running);
  const late = pool.with({ queueTimeoutMs: 20 }).submit(add, 1, 2);
  const missed = pool.with({ deadline: Date.now() + 20 }).submit(add, 1, 2);
  const errors = await Promise.all([late, missed].map((task) => rejectionOf(task, TaskTimeoutError)));
  expect(errors).toMatchObject([{ kind: 'queue' }, { kind: 'deadline' }]);
  writeFileSync(gate, '');
  expect(await running).toBe('first');
});
