/**
 * A pool for one test: always terminated, and nothing of it may remain. No child process is left alive, and
 * Node had nothing to warn about.
 */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { createPool, type Pool, type PoolOptions } from 'troupe';
import { expect } from 'vitest';

/** Runs a test against a pool of one silent worker, unless the options say otherwise. */
export async function withPool<Result>(
  options: PoolOptions,
  run: (pool: Pool) => Promise<Result>,
): Promise<Result> {
  // A test that timed out may still be at it.
  const others = livingChildren();
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);
  const pool = createPool({ maxWorkers: 1, stdio: 'ignore', ...options });
  try {
    return await run(pool);
  } finally {
    await pool.terminate();
    process.off('warning', note);
    const survivors = livingChildren().filter((pid) => !others.includes(pid));
    expect(survivors, 'children that survive their pool').toEqual([]);
    expect(warnings, 'warnings of this process').toEqual([]);
    expect(pool.workers, 'workers of a closed pool').toEqual([]);
  }
}

/** Pids of this process's children that run a worker. Empty where there is no /proc. */
export function livingChildren(): number[] {
  if (process.platform !== 'linux') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  return pids
    .filter((pid) => isChildOfOurs(pid) && readProc(pid, 'cmdline').includes('child/entry'))
    .map(Number);
}

/** The fields after the name of the program, which may hold anything, are the state and the parent. */
function isChildOfOurs(pid: string): boolean {
  const line = readProc(pid, 'stat');
  const [state, parent] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return Number(parent) === process.pid && state !== 'Z' && state !== 'X';
}

/** Empty for a process that is gone by now. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
