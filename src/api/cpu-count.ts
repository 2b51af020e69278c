/**
 * How many workers can compute at the same time: what the operating system, the control groups of this
 * process and the environment leave to it.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { checkOptions, flag } from './option-checks.ts';

/** The text of a file, or `undefined` when it cannot be read. */
export type ReadText = (path: string) => string | undefined;

export interface CpuCountOptions {
  /** Count cores, not the hardware threads that share one, where that can be told. Default `false`. */
  readonly physical?: boolean | undefined;
}

const limitVariable = 'TROUPE_MAX_CPU_COUNT';

/**
 * The number of CPUs this process may use, at least 1: the smallest of its affinity, the CPU quota of its
 * control groups (rounded up) and `TROUPE_MAX_CPU_COUNT`. Throws `InvalidOptionError` when that variable is
 * not a whole number of 1 or more.
 */
export function cpuCount(options: CpuCountOptions = {}): number {
  checkOptions(options, { physical: flag }, { where: 'cpuCount()', path: '' });
  const limits = [os.availableParallelism(), quotaLimit(readIfReadable), environmentLimit()];
  if (options.physical === true) limits.push(physicalCores(readIfReadable('/proc/cpuinfo')));
  return Math.max(1, Math.min(...limits));
}

function environmentLimit(): number {
  const given = process.env[limitVariable];
  if (given === undefined || given === '') return Infinity;
  const limit = Number(given);
  if (Number.isSafeInteger(limit) && limit >= 1) return limit;
  throw new InvalidOptionError(
    limitVariable,
    `The environment variable ${limitVariable} is '${given}', but it must be a whole number, 1 or more.`,
  );
}

/** How many CPUs the control groups of this process allow, rounded up; `Infinity` for no limit. */
export function quotaLimit(readText: ReadText): number {
  const groups = (readText('/proc/self/cgroup') ?? '').split('\n');
  return Math.min(Infinity, ...groups.flatMap((line) => quotasOfGroup(line, readText)));
}

/** A line reads `4:cpu,cpuacct:/a/b` (version 1) or `0::/a/b` (version 2). */
function quotasOfGroup(line: string, readText: ReadText): number[] {
  const [, controllers, ...rest] = line.split(':');
  if (controllers === undefined) return [];
  const folders = foldersUpward(rest.join(':'));
  if (controllers === '') {
    const mounts = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'];
    return quotasBelow(mounts, folders, (folder) => readText(`${folder}/cpu.max`));
  }
  if (!controllers.split(',').includes('cpu')) return [];
  const mounts = ['/sys/fs/cgroup/cpu', `/sys/fs/cgroup/${controllers}`];
  return quotasBelow(mounts, folders, (folder) => {
    const quota = readText(`${folder}/cpu.cfs_quota_us`);
    const period = readText(`${folder}/cpu.cfs_period_us`);
    return quota === undefined || period === undefined ? undefined : `${quota.trim()} ${period.trim()}`;
  });
}

/** `/a/b` gives `/a/b`, `/a` and the root: a limit anywhere on the way up holds for this process too. */
function foldersUpward(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '');
  // Seen from inside a container the path may lead out of what is mounted; only the root is certain then.
  if (names.includes('..')) return [''];
  return [...names.map((_, index) => `/${names.slice(0, names.length - index).join('/')}`), ''];
}

function quotasBelow(
  mounts: readonly string[],
  folders: readonly string[],
  readQuota: (folder: string) => string | undefined,
): number[] {
  return mounts.flatMap((mount) => folders.map((folder) => cpusOf(readQuota(`${mount}${folder}`))));
}

/** `150000 100000` is one and a half CPUs, so 2; `max`, `-1` and anything else is no limit. */
function cpusOf(quotaAndPeriod: string | undefined): number {
  const [quota, period] = (quotaAndPeriod ?? '').trim().split(/\s+/).map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return Infinity;
  return Math.ceil(quota / period);
}

/** Distinct cores in the text of `/proc/cpuinfo`; `Infinity` when it does not tell. */
export function physicalCores(cpuInfo: string | undefined): number {
  const cores = new Set<string>();
  for (const processor of (cpuInfo ?? '').split('\n\n')) {
    const core = /^core id\s*:\s*(\d+)/m.exec(processor)?.[1];
    const socket = /^physical id\s*:\s*(\d+)/m.exec(processor)?.[1] ?? '0';
    if (core !== undefined) cores.add(`${socket}:${core}`);
  }
  return cores.size === 0 ? Infinity : cores.size;
}

function readIfReadable(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
