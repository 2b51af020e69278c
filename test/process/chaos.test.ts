/**
 * Workers are killed at random while tasks run. Every task writes down that it runs before it does anything,
 * so it is known afterwards what ran where: nothing is lost that was not running in a killed process, nothing
 * runs twice.
 */
import { randomInt } from 'node:crypto';
import process from 'node:process';
import { type Pool, type Task, WorkerLostError } from 'troupe';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exitsOrFills, fillsAndExits } from '../fixtures/life/dies.mjs';
import { computesAndAnswers, waitsAndAnswers } from '../fixtures/life/leaves-logs.mjs';
import { type Execution, readExecutions } from '../helpers/execution-logs.ts';
import { openFolder, openPool } from '../helpers/open-pool.ts';

const killEveryMs = 30;
const killsMax = 100;
const maxWorkers = 4;
const timeout = 180_000;

/**
 * SIGKILLs a random worker that serves, again and again. Only when most of them serve, or the machine would
 * do nothing but start processes. Returns the pids of its victims.
 */
function startKilling(pool: Pool): Set<number> {
  const victims = new Set<number>();
  const timer = setInterval(() => {
    const serving = pool.workers.filter(({ state }) => state === 'idle' || state === 'busy');
    const victim = serving[randomInt(Math.max(1, serving.length))]?.pid;
    if (victim === undefined || victims.has(victim) || serving.length <= maxWorkers / 2) return;
    victims.add(victim);
    process.kill(victim, 'SIGKILL');
    if (victims.size === killsMax) clearInterval(timer);
  }, killEveryMs);
  onTestFinished(() => clearInterval(timer));
  pool.on('stateChanged', () => clearInterval(timer));
  return victims;
}

interface Aftermath {
  readonly tasks: readonly Task<string>[];
  readonly settled: readonly PromiseSettledResult<string>[];
  readonly executions: ReadonlyMap<number, readonly Execution[]>;
  readonly victims: ReadonlySet<number>;
}

async function survive(pool: Pool, folder: string, tasks: readonly Task<string>[]): Promise<Aftermath> {
  const victims = startKilling(pool);
  const settled = await Promise.allSettled(tasks);
  await pool.close();
  return { tasks, settled, executions: readExecutions(folder), victims };
}

function runsPerTask({ executions }: Aftermath): Map<number, Execution[]> {
  const runs = new Map<number, Execution[]>();
  for (const execution of [...executions.values()].flat()) {
    runs.set(execution.index, [...(runs.get(execution.index) ?? []), execution]);
  }
  return runs;
}

/** Those that are fulfilled have their own value, and ran once. */
function expectOwnValues(aftermath: Aftermath): void {
  const runs = runsPerTask(aftermath);
  for (const [index, result] of aftermath.settled.entries()) {
    if (result.status === 'rejected') continue;
    expect(result.value).toBe(`answer ${index}`);
    expect(runs.get(index)?.length, JSON.stringify(runs.get(index))).toBe(1);
  }
}

/** The errors of those that were lost, each checked against the logs, by the process they name. */
function lossesByVictim(aftermath: Aftermath): Map<number, number[]> {
  const runs = runsPerTask(aftermath);
  const losses = new Map<number, number[]>();
  for (const [index, result] of aftermath.settled.entries()) {
    if (result.status === 'fulfilled') continue;
    const error: unknown = result.reason;
    if (!(error instanceof WorkerLostError) || error.pid === undefined) throw error;
    expect(error).toMatchObject({ taskId: aftermath.tasks[index]?.id, signal: 'SIGKILL', attempt: 1 });
    expect(aftermath.victims.has(error.pid)).toBe(true);
    // It was killed between its announcement and its first line, or it ran there.
    const ran = runs.get(index) ?? [];
    expect(ran.length).toBeLessThanOrEqual(1);
    for (const { pid } of ran) expect(pid).toBe(error.pid);
    losses.set(error.pid, [...(losses.get(error.pid) ?? []), index]);
  }
  return losses;
}

describe('a random worker is SIGKILLed every 30 ms', () => {
  test('1,500 tasks without retries', { timeout }, async ({ annotate }) => {
    const [pool, folder] = [openPool({ maxWorkers }), openFolder()];
    const tasks = Array.from({ length: 1_500 }, (_, index) =>
      pool.submit(computesAndAnswers, folder, index, 1 + (index % 20)),
    );
    const aftermath = await survive(pool, folder, tasks);
    expectOwnValues(aftermath);
    const losses = lossesByVictim(aftermath);
    for (const [pid, indexes] of losses) {
      const log = aftermath.executions.get(pid)?.map(({ index }) => index) ?? [];
      // One task runs at a time: only the last can have been running.
      expect(indexes).toHaveLength(1);
      if (log.includes(indexes[0] ?? -1)) expect(log.at(-1)).toBe(indexes[0]);
    }
    const { fulfilled, lost, workersLost } = pool.stats();
    await annotate(`${aftermath.victims.size} killed, ${lost} tasks lost`);
    expect({ lost, settled: fulfilled + lost }).toEqual({ lost: losses.size, settled: 1_500 });
    expect(workersLost).toBe(aftermath.victims.size);
    expect(aftermath.victims.size).toBeGreaterThan(0);
  });

  test('1,500 tasks with 20 retries', { timeout }, async ({ annotate }) => {
    const [pool, folder] = [openPool({ maxWorkers, task: { retries: 20 } }), openFolder()];
    const tasks = Array.from({ length: 1_500 }, (_, index) =>
      pool.submit(computesAndAnswers, folder, index, 1 + (index % 20)),
    );
    const aftermath = await survive(pool, folder, tasks);
    expect(aftermath.settled).toEqual(
      tasks.map((_, index) => ({ status: 'fulfilled', value: `answer ${index}` })),
    );
    // The same attempt never runs twice, and every run but the last was in a process that was killed.
    for (const [index, runs] of runsPerTask(aftermath)) {
      const attempts = runs.map(({ attempt }) => attempt);
      expect(new Set(attempts).size).toBe(attempts.length);
      expect(Math.max(...attempts)).toBe(tasks[index]?.attempt);
      const failed = runs.filter(({ attempt }) => attempt !== tasks[index]?.attempt);
      for (const { pid } of failed) expect(aftermath.victims.has(pid)).toBe(true);
    }
    const { retried } = pool.stats();
    await annotate(`${aftermath.victims.size} killed, ${retried} runs repeated`);
    expect(pool.stats()).toMatchObject({ fulfilled: 1_500, lost: 0, rejected: 0 });
    expect(tasks.reduce((sum, { attempt }) => sum + attempt - 1, 0)).toBe(retried);
  });

  test('300 tasks, four at a time in each worker', { timeout }, async ({ annotate }) => {
    const [pool, folder] = [openPool({ maxWorkers, concurrency: 4 }), openFolder()];
    const tasks = Array.from({ length: 300 }, (_, index) =>
      pool.submit(waitsAndAnswers, folder, index, 1 + (index % 40)),
    );
    const aftermath = await survive(pool, folder, tasks);
    expectOwnValues(aftermath);
    const losses = lossesByVictim(aftermath);
    for (const indexes of losses.values()) expect(indexes.length).toBeLessThanOrEqual(4);
    const { fulfilled, lost } = pool.stats();
    await annotate(`${aftermath.victims.size} killed, ${lost} tasks lost`);
    expect(fulfilled + lost).toBe(300);
    expect([...losses.values()].flat()).toHaveLength(lost);
  });
});

const mebibyte = 2 ** 20;
const isFilled = (bytes: Uint8Array, fill: number): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).equals(Buffer.alloc(mebibyte, fill));

test('tasks exit at random amid results of 1 MiB', { timeout }, async () => {
  const pool = openPool({ maxWorkers: 3 });
  const exits = Array.from({ length: 200 }, () => randomInt(8) === 0);
  const tasks = exits.map((isToExit, index) => pool.submit(exitsOrFills, isToExit, mebibyte, index));
  const settled = await Promise.allSettled(tasks);
  for (const [index, result] of settled.entries()) {
    expect(result.status).toBe(exits[index] === true ? 'rejected' : 'fulfilled');
    if (result.status === 'fulfilled') expect(isFilled(result.value, index % 256)).toBe(true);
    else expect(result.reason).toMatchObject({ exitCode: 1, likelyCause: 'exit', taskId: tasks[index]?.id });
  }
});

test('processes exit when a result of 1 MiB may not be out: what arrives is whole', { timeout }, async () => {
  const pool = openPool({ maxWorkers: 3 });
  const tasks = Array.from({ length: 60 }, (_, index) =>
    index % 3 === 0
      ? pool.submit(fillsAndExits, mebibyte, index)
      : pool.submit(exitsOrFills, false, mebibyte, index),
  );
  const settled = await Promise.allSettled(tasks);
  for (const [index, result] of settled.entries()) {
    if (result.status === 'fulfilled') expect(isFilled(result.value, index)).toBe(true);
    else expect(result.reason).toMatchObject({ code: 'ERR_TROUPE_WORKER_LOST', taskId: tasks[index]?.id });
  }
  expect(pool.state).toBe('running');
});
