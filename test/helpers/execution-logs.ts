/** What tasks wrote down before they did anything: which ran where, in which attempt, in which order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Execution {
  readonly pid: number;
  readonly index: number;
  readonly attempt: number;
}

/** All executions by process, each in its order. */
export function readExecutions(folder: string): ReadonlyMap<number, readonly Execution[]> {
  const executions = new Map<number, Execution[]>();
  for (const file of readdirSync(folder)) {
    const pid = Number.parseInt(file, 10);
    // A process that is killed before its first write leaves an empty file.
    const lines = readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    executions.set(
      pid,
      lines.map((line) => {
        const [index, attempt] = line.split(' ').map(Number);
        return { pid, index: index ?? Number.NaN, attempt: attempt ?? Number.NaN };
      }),
    );
  }
  return executions;
}
