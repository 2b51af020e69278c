/** Pools and folders that last as long as the test that opens them, and what tests wait for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createPool, type Pool, type PoolEvents, type PoolOptions, type Task } from 'troupe';
import { expect, onTestFinished } from 'vitest';
import { survivorsOf } from './processes.ts';

/**
 * A pool of one silent worker, unless the options say otherwise. After the test it leaves no process, no
 * warning.
 */
export function openPool(options: PoolOptions = {}): Pool {
  const warnings = collectWarnings();
  const pool = createPool({ maxWorkers: 1, stdio: 'ignore', ...options });
  const pids = new Set<number>();
  const note = ({ pid }: { readonly pid: number | undefined }): void => {
    if (pid !== undefined) pids.add(pid);
  };
  for (const worker of pool.workers) note(worker);
  pool.on('workerStarted', note);
  onTestFinished(async () => {
    await pool.terminate();
    expect(await survivorsOf([...pids]), 'children that survive their pool').toEqual([]);
    expect(warnings, 'warnings of this process').toEqual([]);
  });
  return pool;
}

function collectWarnings(): string[] {
  const warnings: string[] = [];
  const note = ({ message }: Error): void => {
    warnings.push(message);
  };
  process.on('warning', note);
  onTestFinished(() => {
    process.off('warning', note);
  });
  return warnings;
}

/** An empty folder. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-life-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Resolves with the next event of this name, or the next that fits. */
export function nextEvent<Name extends keyof PoolEvents>(
  pool: Pool,
  name: Name,
  fits: (event: PoolEvents[Name]) => boolean = () => true,
): Promise<PoolEvents[Name]> {
  return new Promise((resolve) => {
    const off = pool.on(name, (event) => {
      if (!fits(event)) return;
      off();
      resolve(event);
    });
  });
}

/** Resolves with the pid of the worker when the task runs. */
export async function whenStarted(pool: Pool, task: Task<unknown>): Promise<number> {
  if (task.state === 'queued') await nextEvent(pool, 'taskStarted', ({ taskId }) => taskId === task.id);
  return workerPidOf(pool, task);
}

/** The process that runs the task. */
export function workerPidOf(pool: Pool, task: Task<unknown>): number {
  const pid = pool.workers.find(({ tasks }) => tasks.includes(task.id))?.pid;
  if (pid === undefined) throw new Error(`No worker runs task ${task.id}; it is ${task.state}.`);
  return pid;
}
