/** What the control groups of this process leave to it: CPU time, and a set of CPUs. */
import { cgroupFolders, type CgroupFolders } from './cgroup-folders.ts';
import { parseCpuList } from './cpu-list.ts';

type ReadText = (path: string) => string | undefined;

/**
 * How many CPUs' time the smallest quota allows, rounded up; `Infinity` for no limit. A quota of any group
 * above holds for this process too.
 */
export function quotaLimit(readText: ReadText): number {
  const quotas = cgroupFolders(readText, 'cpu').flatMap(({ version, folders }) =>
    folders.map((folder) => quotaOf(version, folder, readText)),
  );
  return Math.ceil(Math.min(Infinity, ...quotas));
}

function quotaOf(version: 1 | 2, folder: string, readText: ReadText): number {
  if (version === 2) return quotient((readText(`${folder}/cpu.max`) ?? '').trim().split(/\s+/u));
  return quotient([readText(`${folder}/cpu.cfs_quota_us`), readText(`${folder}/cpu.cfs_period_us`)]);
}

/** `150000` of `100000` is one and a half CPUs; `max`, `-1` and anything else is no limit. */
function quotient([quotaText, periodText]: readonly (string | undefined)[]): number {
  const quota = Number(quotaText);
  const period = Number(periodText);
  return quota > 0 && period > 0 ? quota / period : Infinity;
}

/** How many CPUs the set has that this process is confined to; `Infinity` when no set is told. */
export function cpusetLimit(readText: ReadText): number {
  const sizes = cgroupFolders(readText, 'cpuset').map((group) => nearestSet(group, readText));
  return Math.min(Infinity, ...sizes);
}

/** The nearest set counts alone: what a group above has given away for good is not in its own set. */
function nearestSet({ version, folders }: CgroupFolders, readText: ReadText): number {
  const effective = version === 2 ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus';
  for (const folder of folders) {
    for (const file of [effective, 'cpuset.cpus']) {
      const cpus = parseCpuList(readText(`${folder}/${file}`));
      if (cpus !== undefined) return cpus.size;
    }
  }
  return Infinity;
}
