/** The CPU time of this process and all below it, by Linux's ticks; what load on the machine changes least. */
import { readFileSync, readdirSync } from 'node:fs';
import process from 'node:process';

const tickMs = 10;

/** In milliseconds; `undefined` without /proc. Not counted: processes that have ended. */
export function allCpuMs() {
  if (process.platform !== 'linux') return undefined;
  return tree(process.pid).reduce((sum, pid) => sum + ticks(pid), 0) * tickMs;
}

/** The processes below this one. */
export function descendants() {
  return tree(process.pid).slice(1);
}

function tree(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap((child) => tree(child))];
}

function ticks(pid) {
  // The second field, a name in parentheses, may hold spaces: user and system time are 11 and 12 after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
