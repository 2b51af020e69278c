/**
 * How many workers can compute at the same time: what the operating system, the control groups of this
 * process and the environment leave to it.
 */
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { affinityOf, type Affinity } from './cpu/affinity.ts';
import { cpusetLimit, quotaLimit } from './cpu/cgroup-limits.ts';
import { physicalCores } from './cpu/physical-cores.ts';
import { realSystem, type SystemFiles } from './cpu/system-files.ts';
import { checkOptions, flag } from './option-checks.ts';

export interface CpuCountOptions {
  /**
   * Count cores, not the hardware threads that share one. Where that cannot be told (Windows, some virtual
   * machines) hardware threads are counted. Default `false`.
   */
  readonly physical?: boolean | undefined;
}

const limitVariable = 'TROUPE_MAX_CPU_COUNT';

/**
 * The number of CPUs this process may use, at least 1: the smallest of its affinity, the CPU quota of its
 * control groups (rounded up), their set of CPUs, and `TROUPE_MAX_CPU_COUNT`. All but the machine's cores are
 * read anew by each call, since they can change while a program runs.
 *
 * Throws `InvalidOptionError` when that variable is not a whole number of 1 or more, and never for what the
 * system says.
 *
 * @example
 *   const pool = createPool({ maxWorkers: cpuCount({ physical: true }) });
 */
export function cpuCount(options: CpuCountOptions = {}): number {
  checkOptions(options, { physical: flag }, { where: 'cpuCount()', path: '' });
  return Math.min(countOn(realSystem, options.physical === true, coresOnce), environmentLimit());
}

/** The same where nobody can be told that the variable is wrong: then it counts for nothing. */
export function usableCpus(): number {
  try {
    return cpuCount();
  } catch {
    return countOn(realSystem, false);
  }
}

/** The count without what the environment says. */
export function countOn(
  system: SystemFiles,
  isPhysical: boolean,
  coresOf: typeof physicalCores = physicalCores,
): number {
  const affinity = affinityOf(system);
  const limits = [affinity.count];
  if (system.platform === 'linux') limits.push(quotaLimit(system.readText), cpusetLimit(system.readText));
  if (isPhysical) limits.push(coresOf(system, affinity));
  return Math.max(1, Math.min(...limits));
}

const coresSeen = new Map<string, number>();

/** Looking at every CPU of a large machine, or asking another program, takes milliseconds. */
function coresOnce(system: SystemFiles, affinity: Affinity): number {
  const key = affinity.cpus === undefined ? '' : [...affinity.cpus].join();
  const cores = coresSeen.get(key) ?? physicalCores(system, affinity);
  coresSeen.set(key, cores);
  return cores;
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
