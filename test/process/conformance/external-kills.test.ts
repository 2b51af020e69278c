/** Workers are killed from outside, by each other, and by what they let go of (B). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Pool, type PoolOptions, TroupeError, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import type * as finalizers from '../../fixtures/conformance/finalizers.mjs';
import { kills, killsOnceThereIs, meets } from '../../fixtures/conformance/tasks.mjs';
import { end } from '../../fixtures/conformance/traps.mjs';
import { echo, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, spins } from '../../fixtures/life/blocks.mjs';
import { exits } from '../../fixtures/life/dies.mjs';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder, whenStarted } from '../../helpers/open-pool.ts';
import { waitUntil } from '../../helpers/processes.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('external-kills');

/** The process ids of all workers of a pool, which are all there at once. */
function assemble(pool: Pool, count: number): Promise<number[]> {
  const folder = openFolder();
  return Promise.all(Array.from({ length: count }, () => pool.submit(meets, folder, count)));
}

scenario('B36', async ({ open }) => {
  const pool = open();
  const old = pool.submit(spins);
  const pid = await whenStarted(pool, old);
  pool.resize({ maxWorkers: 2 });
  const newPid = pool.submit(workerPid);
  expect(await newPid).not.toBe(pid);
  process.kill(pid, 'SIGKILL');
  expect(await rejectionOf(old, WorkerLostError)).toMatchObject({ pid, signal: 'SIGKILL' });
});

for (const [id, count] of [
  ['B37', 1],
  ['B38', 2],
  ['B39', 5],
  ['B40', 13],
] as const) {
  scenario(id, async ({ open }) => {
    const pool = open({ maxWorkers: count });
    const pids = await assemble(pool, count);
    expect(new Set(pids).size).toBe(count);
    const settled = await Promise.allSettled(pids.toReversed().map((pid) => pool.submit(kills, pid)));
    const errors = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
    for (const error of errors)
      expect(error).toMatchObject({ code: 'ERR_TROUPE_WORKER_LOST', signal: 'SIGKILL' });
    expect(new Set(errors).size).toBe(errors.length);
    expect(pool.stats()).toMatchObject({ waiting: 0, running: 0, state: 'running' });
  });
}

scenario('B41', async ({ open }) => {
  const pool = open({ maxWorkers: 5 });
  await assemble(pool, 5);
  const task = pool.submit(spins);
  const pid = await whenStarted(pool, task);
  process.kill(pid, 'SIGTERM');
  const error = await rejectionOf(task, WorkerLostError);
  expect(error).toMatchObject({ pid, signal: 'SIGTERM', likelyCause: 'killed' });
  expect(error.message).toContain('SIGTERM');
  expect(pool.stats()).toMatchObject({ lost: 1, workersLost: 1 });
});

scenario('B42', async ({ open }) => {
  const pool = open();
  expect(await rejectionOf(pool.submit(exits, 42), WorkerLostError)).toMatchObject({ exitCode: 42 });
  expect(await pool.submit(echo, 'next')).toBe('next');
});

for (const [id, how, outcome] of [
  ['B43', 'segfaults', { exitCode: null, signal: 'SIGSEGV' }],
  ['B44', 'reallyExits', { exitCode: 0, signal: null }],
] as const) {
  scenario(id, async ({ open }) => {
    const pool = open({ execArgv: ['--expose-gc'] });
    const module = pool.module<typeof finalizers>(
      new URL('../../fixtures/conformance/finalizers.mjs', import.meta.url),
    );
    // In Node 26, what the first task of a process was given stays until a later one comes.
    await pool.submit(workerPid);
    expect(await module.bindsFate({}, how)).toBe('bound');
    expect(await rejectionOf(module.collects(), WorkerLostError)).toMatchObject(outcome);
  });
}

scenario('B45', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const victim = pool.submit(spins);
  const pid = await whenStarted(pool, victim);
  const killer = pool.submit(kills, pid);
  const closed = pool.close();
  expect(await rejectionOf(victim, WorkerLostError)).toMatchObject({ pid, signal: 'SIGKILL' });
  expect(await killer).toBe(true);
  await closed;
});

scenario('B46', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const gate = join(openFolder(), 'gate');
  const victim = pool.submit(spins);
  const killer = pool.submit(killsOnceThereIs, gate, await whenStarted(pool, victim));
  await whenStarted(pool, killer);
  pool.resize({ maxWorkers: 1 });
  // It may be lost before the killer has answered.
  const lost = rejectionOf(victim, WorkerLostError);
  writeFileSync(gate, '');
  expect(await killer).toBe(true);
  await lost;
  expect(await pool.submit(echo, 42)).toBe(42);
  await waitUntil('the one too many has left', () => pool.workers.length === 1);
});

scenario('B47', async () => {
  const program = startProgram('../conformance/kills-itself.mjs');
  expect(await program.nextLine()).not.toEqual([]);
  expect(await program.ended).toBe('SIGKILL');
});

scenario('B48', async ({ open }) => {
  const pool = open();
  const task = pool.submit(end, 'segfaults');
  expect(task).toBeInstanceOf(Promise);
  const [settled] = await Promise.allSettled([task]);
  expect(settled).toMatchObject({ status: 'rejected', reason: expect.any(TroupeError) as unknown });
  expect(task.state).toBe('rejected');
});

scenario('B49', async () => {
  const program = startProgram('../conformance/leaves-crash-alone.mjs');
  expect(await program.ended).toBe(1);
  const stderr = await program.stderr;
  expect(stderr).toContain('WorkerLostError');
  expect(stderr).toContain('SIGSEGV');
});

for (const stdio of ['capture', 'ignore'] satisfies PoolOptions['stdio'][]) {
  scenario('B50', { detail: stdio, needsLinux: true }, async ({ open }) => {
    const pool = open({ stdio });
    const error = await rejectionOf(
      pool.submit(() => process.abort()),
      WorkerLostError,
    );
    expect(error).toMatchObject({ signal: 'SIGABRT', likelyCause: 'native-crash' });
    expect(error.stderrTail).toContain('Native stack trace');
  });
}

scenario('B45', { detail: 'one worker busy, one that waits' }, async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const gate = join(openFolder(), 'gate');
  const victim = pool.submit(echoesOnceThereIs, gate, 'never');
  const pid = await whenStarted(pool, victim);
  const waiting = Array.from({ length: 4 }, (_, index) => pool.submit(echo, index));
  process.kill(pid, 'SIGKILL');
  const closed = pool.close();
  await rejectionOf(victim, WorkerLostError);
  expect(await Promise.all(waiting)).toEqual([0, 1, 2, 3]);
  await closed;
});
