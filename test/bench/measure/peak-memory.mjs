/** Reads from Linux's /proc how much memory the processes below this one have taken at most. */
import { readFileSync, readdirSync } from 'node:fs';
import process from 'node:process';

/** The greatest resident set, in MiB, a descendant of this process has had; `undefined` without /proc. */
export function peakDescendantRssMiB() {
  if (process.platform !== 'linux') return undefined;
  const peaks = descendants(process.pid).map((pid) => peakRssKiB(pid));
  return peaks.length === 0 ? undefined : Math.max(...peaks) / 1024;
}

function descendants(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [...children, ...children.flatMap((child) => descendants(child))];
}

function peakRssKiB(pid) {
  const found = /VmHWM:\s+(\d+) kB/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return found === null ? 0 : Number(found[1]);
}
