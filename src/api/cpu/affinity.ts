/** The CPUs that the scheduler may put this process on. */
import { parseCpuList } from './cpu-list.ts';
import type { SystemFiles } from './system-files.ts';

/** How many there are, and which, where that is told. */
export interface Affinity {
  readonly count: number;
  readonly cpus: ReadonlySet<number> | undefined;
}

/**
 * Read from the kernel on Linux: what libuv says there has the quota of control groups in it since 1.49, cut
 * to a whole number and multiplied with the group's share of the CPU. It still bounds the truth from below,
 * for containers whose list of CPUs that are online is made up.
 */
export function affinityOf({ platform, readText, availableParallelism }: SystemFiles): Affinity {
  const told = Math.max(1, availableParallelism());
  if (platform !== 'linux') return { count: told, cpus: undefined };
  const allowed = parseCpuList(/^Cpus_allowed_list:(.*)$/mu.exec(readText('/proc/self/status') ?? '')?.[1]);
  if (allowed === undefined) return { count: told, cpus: undefined };
  // A process may be allowed CPUs that could be plugged in and are not.
  const online = parseCpuList(readText('/sys/devices/system/cpu/online'));
  if (online === undefined) return { count: told, cpus: allowed };
  const usable = new Set([...allowed].filter((cpu) => online.has(cpu)));
  if (usable.size >= told) return { count: usable.size, cpus: usable };
  return { count: Math.min(told, allowed.size), cpus: allowed };
}
