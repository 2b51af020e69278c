/** Reads from Linux's /proc how much memory the processes below this one take. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { descendants } from './process-tree.mjs';

/** The greatest resident set, in MiB, a descendant of this process has had; `undefined` without /proc. */
export function peakDescendantRssMiB() {
  const peaks = statusOfDescendants(/VmHWM:\s+(\d+) kB/u);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

/** What the resident sets of all descendants are together, in MiB; `undefined` without /proc. */
export function descendantsRssMiB() {
  const sizes = statusOfDescendants(/VmRSS:\s+(\d+) kB/u);
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size);
}

function statusOfDescendants(pattern) {
  if (process.platform !== 'linux') return [];
  return descendants().map((pid) => {
    const found = pattern.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found === null ? 0 : Number(found[1]) / 1024;
  });
}
