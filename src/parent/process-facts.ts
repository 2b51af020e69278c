/** What the system knows of processes: whether one runs, is stopped or dead, and whether memory ran out. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';

/** `stopped` is job control (SIGSTOP), not a debugger: that is `running`. `unknown` without /proc. */
export type ProcessState = 'running' | 'stopped' | 'zombie' | 'gone' | 'unknown';

/** Looks at one process. A zombie is dead; only its parent has not asked for the exit code yet. */
export function processState(pid: number): ProcessState {
  if (process.platform !== 'linux') return 'unknown';
  const line = readText(`/proc/${pid}/stat`);
  if (line !== undefined) return stateInStatLine(line);
  return readText('/proc/self/stat') === undefined ? 'unknown' : 'gone';
}

/** The state in a line of /proc/PID/stat. */
export function stateInStatLine(line: string): ProcessState {
  // The second field is the program's name in parentheses, and the name may hold spaces and parentheses.
  const letter = line.slice(line.lastIndexOf(')') + 1).trimStart()[0];
  switch (letter) {
    case undefined:
      return 'unknown';
    case 'T':
      return 'stopped';
    case 'Z':
      return 'zombie';
    case 'X':
    case 'x':
      return 'gone';
    default:
      return 'running';
  }
}

/** Where the kernel shows control groups; a parameter so that tests can lay out any machine. */
export interface CgroupFiles {
  readonly membership: string;
  readonly root: string;
}

const realCgroupFiles: CgroupFiles = { membership: '/proc/self/cgroup', root: '/sys/fs/cgroup' };

/**
 * How many processes of this process's control group the kernel has killed for memory, if it tells.
 * A child is in the same group: when it dies and this counter moves, memory is the likely cause.
 */
export function oomKillCount(files: CgroupFiles = realCgroupFiles): number | undefined {
  const membership = readText(files.membership);
  if (membership === undefined) return undefined;
  for (const candidate of countersOf(membership, files.root)) {
    const count = /^oom_kill (\d+)$/mu.exec(readText(candidate) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return undefined;
}

function* countersOf(membership: string, root: string): Generator<string> {
  for (const line of membership.split('\n')) {
    const [hierarchy, controllers, ...path] = line.split(':');
    const group = path.join(':');
    if (hierarchy === '0' && controllers === '') {
      yield* upwards(root, group, 'memory.events');
      yield* upwards(join(root, 'unified'), group, 'memory.events');
    } else if (controllers?.split(',').includes('memory') === true) {
      yield* upwards(join(root, 'memory'), group, 'memory.oom_control');
    }
  }
}

/** Upwards, because in a container the path may be the host's while only its end is mounted. */
function* upwards(root: string, group: string, file: string): Generator<string> {
  let current = join('/', group);
  while (current !== '/') {
    yield join(root, current, file);
    current = dirname(current);
  }
  yield join(root, file);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
