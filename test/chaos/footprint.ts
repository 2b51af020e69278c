/** What this process holds: descriptors, children, timers, memory. All of it must be given back. */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import v8 from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Footprint {
  readonly descriptors: number;
  /** Living children of this process, of any kind, as pids. */
  readonly children: readonly number[];
  /** What keeps the event loop alive, by type. */
  readonly resources: Readonly<Record<string, number>>;
  /** After a full collection. */
  readonly heapBytes: number;
}

/** What runs in turn with the collector: code that got optimized, rings of counters, a bit of luck. */
const heapToleranceBytes = 24 * 2 ** 20;

const lookEveryMs = 20;
const patienceMs = 10_000;

const collectGarbage = ((): (() => void) => {
  v8.setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
})();

export function countDescriptors(): number {
  // One is the folder that is being read.
  return readdirSync('/proc/self/fd').length - 1;
}

export function takeFootprint(): Footprint {
  collectGarbage();
  const resources: Record<string, number> = {};
  for (const type of process.getActiveResourcesInfo()) resources[type] = (resources[type] ?? 0) + 1;
  return {
    descriptors: countDescriptors(),
    children: livingChildren(),
    resources,
    heapBytes: process.memoryUsage().heapUsed,
  };
}

/** Waits until nothing is left beyond what was there before; what remains after a while is a leak. */
export async function leaksSince(before: Footprint): Promise<string[]> {
  const deadline = performance.now() + patienceMs;
  let leaks = compare(before, takeFootprint());
  while (leaks.length > 0 && performance.now() < deadline) {
    await delay(lookEveryMs);
    leaks = compare(before, takeFootprint());
  }
  return leaks;
}

function compare(before: Footprint, after: Footprint): string[] {
  const leaks: string[] = [];
  const children = after.children.filter((pid) => !before.children.includes(pid));
  if (children.length > 0) leaks.push(`${children.length} children are still alive: ${children.join(', ')}.`);
  if (after.descriptors > before.descriptors)
    leaks.push(`${after.descriptors} descriptors are open; there were ${before.descriptors}.`);
  for (const [type, count] of Object.entries(after.resources)) {
    const allowed = before.resources[type] ?? 0;
    if (count > allowed) leaks.push(`${count} resources of type ${type} are active; there were ${allowed}.`);
  }
  if (after.heapBytes > before.heapBytes + heapToleranceBytes)
    leaks.push(`The heap holds ${mebibytes(after.heapBytes)}; it was ${mebibytes(before.heapBytes)}.`);
  return leaks;
}

export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** Processes of this one's making: children, and whoever is left in a group that a child led. */
function livingChildren(): number[] {
  const pids: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    const [state = 'X', parent] = statusOf(name);
    if (Number(parent) === process.pid && state !== 'Z' && state !== 'X') pids.push(Number(name));
  }
  return pids;
}

function statusOf(pid: string): string[] {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return line.slice(line.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Members of the process groups that these children led. Groups are numbered by their leader. */
export function livingMembersOf(groups: ReadonlySet<number>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .filter((name) => {
      const [state = 'X', , group] = statusOf(name);
      return groups.has(Number(group)) && state !== 'Z' && state !== 'X' && isWorker(name);
    })
    .map(Number);
}

/** The number of a group may have been given to somebody else's. */
function isWorker(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('child/entry');
  } catch {
    return false;
  }
}
