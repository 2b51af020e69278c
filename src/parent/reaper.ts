/**
 * Kills every child, busy or frozen, when this process is gone, however it went: one small shell reads
 * group ids from a pipe whose other end only this process holds, and kills those it still knows at its end.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import process from 'node:process';
import { InvariantError } from '../errors.ts';

export interface Reaper {
  /** The shell's process id, or `undefined` while there is nothing to guard or no shell to do it. */
  readonly pid: number | undefined;
  /** From here on the process group dies with this process. The shell has been told when this returns. */
  register(group: number): void;
  /** Call it as soon as the group is dead, before its id can belong to somebody else. */
  unregister(group: number): void;
}

/** A shell that keeps dying is not worth more than this many replacements in the life of a process. */
const failureLimit = 32;

// A dying parent may cut its last line short (`+12` of `+1234`): `read` takes that for the end and drops it.
const script = `
trap '' HUP INT QUIT TERM TSTP
groups=' '
while read -r line; do
  group=\${line#?}
  case $line in
    +*) groups="$groups$group " ;;
    -*) case $groups in *" $group "*) groups="\${groups%% $group *} \${groups#* $group }" ;; esac ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

/** One reaper serves any number of groups. Its shell runs only while there is at least one. */
export function createReaper(shell: string = '/bin/sh'): Reaper {
  const groups = new Set<number>();
  let running: ChildProcess | undefined;
  let failures = 0;

  function start(): void {
    if (failures >= failureLimit) return;
    const started = spawnShell(shell);
    if (started?.pid === undefined) {
      failures += 1;
      return;
    }
    running = started;
    started.once('exit', () => {
      if (running !== started) return;
      running = undefined;
      failures += 1;
      if (groups.size > 0) start();
    });
    started.stdin?.write([...groups].map((group) => `+${group}\n`).join(''));
  }

  return {
    get pid() {
      return running?.pid;
    },
    register(group) {
      // Told to kill group 1 or 0, `kill` would take every process of the user, or the shell's own group.
      if (!Number.isSafeInteger(group) || group <= 1) {
        throw new InvariantError(`${group} is not the process group of a child.`);
      }
      groups.add(group);
      if (running === undefined) start();
      else running.stdin?.write(`+${group}\n`);
    },
    unregister(group) {
      if (!groups.delete(group) || running === undefined) return;
      if (groups.size > 0) {
        running.stdin?.write(`-${group}\n`);
        return;
      }
      const last = running;
      running = undefined;
      last.stdin?.end(`-${group}\n`);
    },
  };
}

function spawnShell(shell: string): ChildProcess | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const started = spawn(shell, ['-c', script, 'troupe-reaper', String(process.pid)], {
      // A session of its own: what is sent to our group or our terminal must not take the one who cleans up.
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: {},
    });
    started.on('error', ignore);
    started.stdin?.on('error', ignore);
    started.unref();
    if (started.stdin instanceof Socket) started.stdin.unref();
    return started;
  } catch {
    return undefined;
  }
}

// Its 'exit' says all there is to know; a write to a shell that has just been killed fails with EPIPE.
function ignore(): void {}

/** The reaper of this process, shared by all its pools. */
export const reaper: Reaper = createReaper();
