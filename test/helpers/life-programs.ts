/** Runs the programs of `fixtures/life` as processes of their own, for tests of how a parent ends. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface LifeProgram {
  readonly pid: number;
  /** The next line it prints, as JSON. */
  nextLine<Line>(): Promise<Line>;
  /** How it ended: its exit code, or its signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** All that it wrote there. */
  readonly stderr: Promise<string>;
}

/** Starts a program in a process group of its own. */
export function startProgram(name: string, ...args: readonly string[]): LifeProgram {
  return follow([process.execPath, programPath(name), ...args]);
}

/** Starts it under a limit on open files. */
export function startProgramWithFiles(fileLimit: number, name: string): LifeProgram {
  const script = `ulimit -n ${fileLimit}; exec "$0" "$@"`;
  return follow(['/bin/sh', '-c', script, process.execPath, programPath(name)]);
}

const programPath = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/life/${name}`, import.meta.url));

function follow([command = '', ...args]: readonly string[]): LifeProgram {
  const started = spawn(command, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = started;
  if (pid === undefined) throw new Error(`${command} could not be started.`);
  const ended = endOf(started);
  onTestFinished(() => {
    started.kill('SIGKILL');
  });
  const stderr = text(started.stderr);
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
  const nextLine = async <Line>(): Promise<Line> => {
    const line: IteratorResult<string, unknown> = await lines.next();
    if (line.done === true)
      throw new Error(`The program ended before it printed what was expected. ${await stderr}`);
    return JSON.parse(line.value) as Line;
  };
  return { pid, nextLine, ended, stderr };
}

async function endOf(started: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = (await once(started, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? code ?? -1;
}
