/** How much memory and processor time another process has used, without asking it. */
import { readFileSync } from 'node:fs';
import process from 'node:process';

export interface ProcessUsage {
  /** Resident memory. */
  readonly rssBytes: number;
  /** User and system time since it started. */
  readonly cpuMs: number;
}

/** What /proc counts processor time in: a hundredth of a second on every Linux that Node runs on. */
const tickMs = 10;

/** Also of a process that is blocked or stopped. `undefined` where there is no /proc, and for the dead. */
export function processUsage(pid: number): ProcessUsage | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return usageIn(stat, status);
  } catch {
    return undefined;
  }
}

/** Reads the texts of /proc/PID/stat and /proc/PID/status. */
export function usageIn(stat: string, status: string): ProcessUsage | undefined {
  const rss = /^VmRSS:\s+(\d+) kB$/mu.exec(status)?.[1];
  // The second field is the program's name in parentheses, and the name may hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = fields.slice(11, 13).map(Number);
  if (rss === undefined || userTicks === undefined || systemTicks === undefined) return undefined;
  return { rssBytes: Number(rss) * 1024, cpuMs: (userTicks + systemTicks) * tickMs };
}
