/**
 * Starts a child as the leader of its own process group, with a private channel on fd 3, and reports what
 * becomes of it. What the child started in its group ends with it, and the group ends with this process.
 */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import type { ChannelStream } from '../transport/channel.ts';
import { Lines, Tail } from './output-lines.ts';
import { reaper } from './reaper.ts';

/** What to start. */
export interface ChildSpec {
  /** Absolute path of the script the child runs. */
  readonly entry: string;
  /** Options for Node itself, before the script. */
  readonly execArguments: readonly string[];
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string | undefined;
  readonly stdio: 'inherit' | 'capture' | 'ignore';
}

/** Told what becomes of a child; never before `spawnChild` has returned. */
export interface ChildObserver {
  /** There is no process, and nothing else will be reported. */
  onSpawnFailed(error: Error): void;
  /** Once. Its group has been killed too. */
  onExited(exitCode: number | null, signal: NodeJS.Signals | null): void;
  /** Once, after `onExited`: all output is in. */
  onOutputClosed(): void;
  /** With `stdio: 'capture'`: a line without its end, or a piece of one too long to hold. */
  onOutput(stream: 'stdout' | 'stderr', line: string): void;
}

/** A child process, or one that could not start. */
export interface Child {
  readonly pid: number | undefined;
  /** This process's end of the child's fd 3, for the channel to use; destroyed if there is no child. */
  readonly socket: ChannelStream;
  /** Signals the whole process group. Does nothing once the child has exited. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
  /** The last 8 KiB of stderr, cut between characters. */
  stderrTail(): string;
  /** Adds to it what the child wrote to stderr in another way. */
  noteStderr(text: string): void;
  /** Let the child keep this process alive. It does not at first. */
  ref(): void;
  unref(): void;
}

const stderrTailBytes = 8 * 1024;

/** How long output may stay open after the exit: a process that left the group can hold the pipe for ever. */
const outputGraceMs = 250;

/** Starts a child process. Never throws for what the system refuses: that goes to `onSpawnFailed`. */
export function spawnChild(spec: ChildSpec, observer: ChildObserver): Child {
  const started = spawnInOwnGroup(spec);
  if (started instanceof Error) {
    process.nextTick(() => {
      observer.onSpawnFailed(explainSpawnFailure(started, spec));
    });
    return childThatNeverWas();
  }
  const { pid } = started;
  if (pid === undefined) {
    started.once('error', (error) => {
      observer.onSpawnFailed(explainSpawnFailure(error, spec));
    });
    return childThatNeverWas();
  }
  reaper.register(pid);
  return new RunningChild(started, pid, spec.stdio, observer);
}

function spawnInOwnGroup(spec: ChildSpec): ChildProcess | Error {
  const stdout = ({ inherit: 'inherit', capture: 'pipe', ignore: 'ignore' } as const)[spec.stdio];
  const stdio: StdioOptions = ['ignore', stdout, 'pipe', 'pipe'];
  try {
    return spawn(process.execPath, [...spec.execArguments, spec.entry, ...spec.args], {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio,
      windowsHide: true,
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Node blames its own executable (`spawn /usr/bin/node ENOENT`) when the working directory is missing. */
function explainSpawnFailure(error: Error, spec: ChildSpec): Error {
  if (spec.cwd === undefined || isFolder(spec.cwd)) return error;
  const problem = existsSync(spec.cwd) ? 'is not a folder. Give a folder' : 'does not exist. Create it';
  return new Error(`The working directory ${spec.cwd} ${problem} or change \`cwd\`.`, { cause: error });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function childThatNeverWas(): Child {
  const socket = new Socket();
  socket.destroy();
  return {
    pid: undefined,
    socket,
    signal: ignore,
    stderrTail: () => '',
    noteStderr: ignore,
    ref: ignore,
    unref: ignore,
  };
}

class RunningChild implements Child {
  readonly pid: number;
  readonly socket: Socket;
  readonly #process: ChildProcess;
  readonly #observer: ChildObserver;
  readonly #stderr = new Tail(stderrTailBytes);
  readonly #outputs: Socket[] = [];
  #openOutputs = 0;
  #exited = false;

  constructor(started: ChildProcess, pid: number, stdio: ChildSpec['stdio'], observer: ChildObserver) {
    this.pid = pid;
    this.socket = asSocket(started.stdio[3]);
    this.#process = started;
    this.#observer = observer;
    this.#listen(asSocket(started.stderr), 'stderr', stdio);
    if (stdio === 'capture') this.#listen(asSocket(started.stdout), 'stdout', stdio);
    // Only `exit` tells about a child that has a pid; `error` would be a signal that could not be sent.
    started.on('error', ignore);
    started.once('exit', (exitCode, signal) => {
      this.#onExit(exitCode, signal);
    });
    this.unref();
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#exited) return;
    if (process.platform === 'win32') this.#process.kill(name);
    else signalGroup(this.pid, name);
  }

  stderrTail(): string {
    return this.#stderr.toString();
  }

  noteStderr(text: string): void {
    this.#stderr.push(Buffer.from(text));
  }

  ref(): void {
    for (const handle of [this.#process, this.socket, ...this.#outputs]) handle.ref();
  }

  unref(): void {
    for (const handle of [this.#process, this.socket, ...this.#outputs]) handle.unref();
  }

  #listen(output: Socket, name: 'stdout' | 'stderr', stdio: ChildSpec['stdio']): void {
    this.#outputs.push(output);
    this.#openOutputs += 1;
    const lines = new Lines((line) => {
      this.#observer.onOutput(name, line);
    });
    output.on('data', (chunk: Buffer) => {
      if (name === 'stderr') this.#stderr.push(chunk);
      if (stdio === 'capture') lines.push(chunk);
      else if (stdio === 'inherit') forwardToStderr(chunk);
    });
    output.on('error', ignore);
    output.once('close', () => {
      lines.end();
      this.#openOutputs -= 1;
      if (this.#exited && this.#openOutputs === 0) this.#observer.onOutputClosed();
    });
  }

  #onExit(exitCode: number | null, signal: NodeJS.Signals | null): void {
    // At once: while a member lives the group's id is taken; when none does, it can soon be another's.
    if (process.platform !== 'win32') signalGroup(this.pid, 'SIGKILL');
    reaper.unregister(this.pid);
    this.#exited = true;
    const allWasIn = this.#openOutputs === 0;
    this.#observer.onExited(exitCode, signal);
    if (allWasIn) this.#observer.onOutputClosed();
    else this.#closeOutputsSoon();
  }

  #closeOutputsSoon(): void {
    const timer = setTimeout(() => {
      for (const output of this.#outputs) output.destroy();
    }, outputGraceMs);
    timer.unref();
    for (const output of this.#outputs) {
      output.once('close', () => {
        if (this.#openOutputs === 0) clearTimeout(timer);
      });
    }
  }
}

function signalGroup(leader: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-leader, name);
  } catch (error) {
    // Nobody is left in the group: Linux says ESRCH, macOS says EPERM when only zombies are.
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function asSocket(stream: unknown): Socket {
  if (stream instanceof Socket) return stream;
  throw new TypeError('A pipe of a child process is not a socket.');
}

/** Writes as `console.error` would: a closed stderr of ours must not become an uncaught error. */
function forwardToStderr(chunk: Buffer): void {
  process.stderr.write(chunk, (error) => {
    if (error && process.stderr.listenerCount('error') === 0) process.stderr.once('error', ignore);
  });
}

function ignore(): void {}
