/** Finds every process that this one has caused, however far down and whoever its parent is by now. */
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { waitUntil } from './processes.ts';

// Processes inherit it, and keep it when they lose their parent.
const mark = `TROUPE_TEST_FAMILY=${process.pid}-${Date.now()}`;
const [variable = '', family = ''] = mark.split('=');
process.env[variable] = family;

/** Waits until nothing but these is left of what this process has caused. Without /proc it does nothing. */
export async function waitUntilAlone(known: readonly (number | undefined)[]): Promise<void> {
  if (process.platform !== 'linux') return;
  let others: string[] = [];
  try {
    await waitUntil('no process of this test is left', () => {
      others = ownProcesses().filter((line) => !known.includes(Number.parseInt(line, 10)));
      return others.length === 0;
    });
  } catch (error) {
    throw new Error(`Processes are left: ${others.join('; ')}.`, { cause: error });
  }
}

/** The shell that kills the children of this process when it is gone; `undefined` while there are none. */
export function reaperPid(): number | undefined {
  const found = readdirSync('/proc').find(
    (name) => /^\d+$/u.test(name) && isOurs(name) && isReaper(readProcess(name, 'cmdline')),
  );
  return found === undefined ? undefined : Number(found);
}

const isReaper = (line: string): boolean => line.includes('troupe-reaper');

function ownProcesses(): string[] {
  return (
    readdirSync('/proc')
      .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid && isOurs(name))
      .map((name) => `${name} ${readProcess(name, 'cmdline').replaceAll('\0', ' ')}`)
      // It is the one that cleans up, and leaves when there is nothing to guard.
      .filter((line) => !isReaper(line))
  );
}

function isOurs(name: string): boolean {
  const line = readProcess(name, 'stat');
  const [state = 'X', parent] = line.slice(line.lastIndexOf(')') + 2).split(' ');
  if ('ZXx'.includes(state)) return false;
  return Number(parent) === process.pid || readProcess(name, 'environ').split('\0').includes(mark);
}

/** Empty for a process that is gone by now, and for one that is not ours to look at. */
function readProcess(name: string, file: string): string {
  try {
    return readFileSync(`/proc/${name}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
