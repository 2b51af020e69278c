/** Cores instead of the hardware threads that share them, where the system tells. */
import type { Affinity } from './affinity.ts';
import { parseCpuList } from './cpu-list.ts';
import type { SystemFiles } from './system-files.ts';

/**
 * How many cores the CPUs of this process belong to; `Infinity` when that is not told: on Windows, and where
 * neither `/sys` nor `/proc/cpuinfo` has it.
 */
export function physicalCores(system: SystemFiles, { cpus }: Affinity): number {
  if (system.platform === 'darwin') return system.sysctl('hw.physicalcpu') ?? Infinity;
  if (system.platform !== 'linux') return Infinity;
  const { readText } = system;
  const asked = cpus ?? parseCpuList(readText('/sys/devices/system/cpu/online'));
  return (
    (asked && coresByTopology(asked, readText)) ??
    coresByCpuInfo(cpus, readText('/proc/cpuinfo') ?? '') ??
    Infinity
  );
}

/** Each CPU names the CPUs of its core; how many different answers there are is the number of cores. */
function coresByTopology(cpus: ReadonlySet<number>, readText: SystemFiles['readText']): number | undefined {
  const cores = new Set<string>();
  for (const cpu of cpus) {
    const folder = `/sys/devices/system/cpu/cpu${cpu}/topology`;
    // The second is the older name of the first.
    const siblings = readText(`${folder}/core_cpus_list`) ?? readText(`${folder}/thread_siblings_list`);
    if (parseCpuList(siblings)?.has(cpu) !== true) return undefined;
    cores.add(String(siblings).trim());
  }
  return cores.size === 0 ? undefined : cores.size;
}

/** On x86 each processor's paragraph has its core and its socket. */
function coresByCpuInfo(cpus: ReadonlySet<number> | undefined, cpuInfo: string): number | undefined {
  const cores = new Set<string>();
  for (const paragraph of cpuInfo.split(/\n\s*\n/u)) {
    const processor = /^processor\s*:\s*(\d+)/mu.exec(paragraph)?.[1];
    const core = /^core id\s*:\s*(\d+)/mu.exec(paragraph)?.[1];
    const socket = /^physical id\s*:\s*(\d+)/mu.exec(paragraph)?.[1] ?? '0';
    if (core === undefined) continue;
    if (cpus === undefined || cpus.has(Number(processor))) cores.add(`${socket}:${core}`);
  }
  return cores.size === 0 ? undefined : cores.size;
}
