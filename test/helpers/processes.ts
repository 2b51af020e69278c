/**
 * Looks at processes from outside, and waits for what becomes of them: by looking again, up to a deadline.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 3;

/** Long enough for any machine: only a failing test waits for it. */
const patienceMs = 15_000;

/** The kernel's letter for what a process does (`R`, `S`, `T`, `Z` …); `undefined` when there is none. */
export function processLetter(pid: number): string | undefined {
  return fieldsOf(pid)?.[0];
}

/** A zombie is dead. */
function isAlive(pid: number): boolean {
  return !['Z', 'X', 'x', undefined].includes(processLetter(pid));
}

/** Waits until there are none of these processes, at most so long. Returns those that are left. */
export async function survivorsOf(pids: readonly number[], limitMs: number = patienceMs): Promise<number[]> {
  const deadline = performance.now() + limitMs;
  let alive = pids.filter(isAlive);
  while (alive.length > 0 && performance.now() < deadline) {
    await delay(lookEveryMs);
    alive = alive.filter(isAlive);
  }
  return alive;
}

/** Waits until something is so; fails when it is not so for too long. */
export async function waitUntil(what: string, isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await delay(lookEveryMs);
  }
}

/** The same without giving this process a turn: nothing is read or written meanwhile. */
export function blockUntil(what: string, isSo: () => boolean): void {
  const deadline = performance.now() + patienceMs;
  const cell = new Int32Array(new SharedArrayBuffer(4));
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`Blocked in vain until ${what}.`);
    Atomics.wait(cell, 0, 0, lookEveryMs);
  }
}

/**
 * Whether a process has used no processor time and slept at each of the last looks: call it again and again.
 */
export function createRestDetector(pid: number): () => boolean {
  let looks = 0;
  let last = '';
  return () => {
    const fields = fieldsOf(pid);
    const ticks = `${fields?.[11]} ${fields?.[12]}`;
    looks = fields?.[0] === 'S' && ticks === last ? looks + 1 : 0;
    last = ticks;
    return looks >= looksAtRest;
  };
}

const looksAtRest = 20;

/** How many files this process has open. */
export function openFileCount(): number {
  return readdirSync('/proc/self/fd').length;
}

/** What follows the name of the program, which may hold anything, in /proc/PID/stat. */
function fieldsOf(pid: number): string[] | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
