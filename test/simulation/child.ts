/**
 * A child process that is none: the real interpreter of a child in a simulated process, which may be slow,
 * busy, stopped or dead at any moment.
 */
import { openNestedPools } from '../../src/api/nested-pool.ts';
import { ChildInterpreter } from '../../src/child/interpreter.ts';
import type { ProcessState } from '../../src/parent/process-facts.ts';
import { Channel } from '../../src/transport/channel.ts';
import { createPipe, type PipeEnd, type Surroundings } from './pipe.ts';
import type { Owner, ScheduledEvent } from './world.ts';

/** How a process ended. */
export interface Death {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class SimulatedChild implements Owner {
  readonly pid: number;
  readonly label: string;
  readonly parentEnd: PipeEnd;
  /** What it has written to stderr. */
  stderr = '';
  /** It tells how it is, and how much memory it has. */
  isMeasured = false;
  #rssBytes = 0;
  readonly #surroundings: Surroundings;
  readonly #end: PipeEnd;
  readonly #onDeath: (death: Death) => void;
  readonly #isSigtermIgnored: boolean;
  #interpreter: ChildInterpreter | null = null;
  #parked: ScheduledEvent[] = [];
  #death: Death | null = null;
  #isStopped = false;
  #isSigtermPending = false;
  #busyUntilMs = 0;
  #onContinued: (() => void)[] = [];
  /** Outcomes that may not have left its process. */
  #written: string[] = [];
  /** Outcomes that the kernel has: whatever happens to its process, the parent gets them. */
  readonly #delivered = new Set<string>();

  constructor(surroundings: Surroundings, pid: number, onDeath: (death: Death) => void) {
    this.pid = pid;
    this.label = `child ${pid}`;
    this.#surroundings = surroundings;
    this.#onDeath = onDeath;
    this.#isSigtermIgnored = surroundings.faults.plans('SIGTERM ignored');
    const { parentEnd, childEnd } = createPipe(surroundings, this.label, this);
    this.parentEnd = parentEnd;
    this.#end = childEnd;
    childEnd.crashPoint = (bytes) => this.#crashPoint(bytes);
    childEnd.crash = () => this.die({ exitCode: null, signal: 'SIGSEGV' }, 'crashes in a write');
  }

  get isDead(): boolean {
    return this.#death !== null;
  }

  get state(): ProcessState {
    if (this.isDead) return 'gone';
    return this.#isStopped ? 'stopped' : 'running';
  }

  // What the scheduler asks of it.

  whenReady(nowMs: number): number | 'never' | 'stopped' {
    if (this.isDead) return 'never';
    if (this.#isStopped) return 'stopped';
    return Math.max(nowMs, this.#busyUntilMs);
  }

  park(event: ScheduledEvent): void {
    this.#parked.push(event);
  }

  take(): boolean {
    if (!this.#surroundings.faults.happens('crash before an event')) return true;
    this.die({ exitCode: null, signal: 'SIGSEGV' }, 'crashes');
    return false;
  }

  // What is known of it from outside.

  /** It has written the outcome of an execution. */
  noteOutcome(execution: string): void {
    if (!this.isDead) this.#written.push(execution);
  }

  /** Called when nothing of it goes on in this process. */
  noteRest(): void {
    if (this.isDead || this.#written.length === 0 || !this.#end.isFlushed) return;
    for (const execution of this.#written) this.#delivered.add(execution);
    this.#written = [];
  }

  /** Whether the parent has read the outcome of an execution. */
  hasTold(execution: string): boolean {
    return this.#delivered.has(execution) && this.parentEnd.hasReadAll;
  }

  // What its process does.

  /** Does what `src/child/entry.ts` does when a real one boots. */
  boot(): void {
    const { world } = this.#surroundings;
    const channel: Channel = new Channel(this.#end, {
      onFrame: (header, binaries) => interpreter.receive(header, binaries),
      onCorrupt: () => this.exit(1),
      onClosed: () => interpreter.post({ type: 'channel.closed' }),
    });
    const interpreter: ChildInterpreter = new ChildInterpreter(channel, {
      pid: this.pid,
      now: () => this.nowMs,
      soon: (callback) => void world.schedule(0, 'looks at the channel', this, callback),
      after: (delayMs, callback) => {
        if (this.isMeasured) world.schedule(delayMs, 'comes to a timer', this, callback);
      },
      // Most of what is allocated stays.
      usage: () => ({ rssBytes: (this.#rssBytes += world.random.int(4)), cpuMicros: 0 }),
      captureOutput: () => null,
      nestedPools: openNestedPools,
      onLease: () => undefined,
      exit: (code) => this.exit(code),
    });
    this.#interpreter = interpreter;
    interpreter.post({ type: 'boot.finished' });
  }

  /** Its own clock: it has moved on for a process that has just computed for a while. */
  get nowMs(): number {
    return Math.max(this.#surroundings.world.nowMs, this.#busyUntilMs);
  }

  exit(exitCode: number): void {
    this.die({ exitCode, signal: null }, `exits with ${exitCode}`);
  }

  /** Nothing of it happens any more. What is left of its turn in this process reaches nobody. */
  die(death: Death, how: string): void {
    if (this.isDead) return;
    this.#surroundings.world.log(`${this.label} ${how}`);
    this.#death = death;
    this.#parked = [];
    this.#onDeath(death);
  }

  /** Nobody has its end of the pipe any more. */
  releasePipe(): void {
    this.#end.abandon();
  }

  /** Somebody else has it. */
  leavePipeOpen(): void {
    this.#end.leaveOpen();
  }

  /** A canary: what it wrote before it died never arrives. */
  loseLastWords(): void {
    this.#end.loseHeld();
  }

  computes(ms: number): void {
    this.#busyUntilMs = this.nowMs + ms;
  }

  /** What Node's end of an uncaught error does, through the real interpreter. */
  failUncaught(error: Error): void {
    this.#surroundings.world.schedule(0, 'has an uncaught error', this, () => {
      this.stderr += `${error.message}\n`;
      this.#interpreter?.reportUncaught(error, () => this.exit(1));
    });
  }

  /** A signal arrives. */
  receive(name: 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    if (this.isDead) return;
    const { world } = this.#surroundings;
    world.log(`${this.label} gets ${name}`);
    if (name === 'SIGKILL') this.die({ exitCode: null, signal: name }, 'dies of SIGKILL');
    else if (name === 'SIGSTOP') this.#isStopped = true;
    else if (name === 'SIGCONT') this.#continue();
    else if (this.#isStopped) this.#isSigtermPending = true;
    else if (this.#isSigtermIgnored) this.#surroundings.faults.note('SIGTERM ignored');
    else this.die({ exitCode: null, signal: name }, 'dies of SIGTERM');
  }

  /** Settles when it goes on after SIGSTOP. */
  whenContinued(): Promise<void> {
    return new Promise((resolve) => {
      this.#onContinued.push(resolve);
    });
  }

  #continue(): void {
    if (!this.#isStopped) return;
    const { world } = this.#surroundings;
    this.#isStopped = false;
    const parked = this.#parked;
    this.#parked = [];
    for (const event of parked) world.reschedule(event);
    const listeners = this.#onContinued;
    this.#onContinued = [];
    world.schedule(0, 'goes on', this, () => {
      for (const resolve of listeners) resolve();
    });
    if (this.#isSigtermPending) this.receive('SIGTERM');
  }

  #crashPoint(bytes: number): number | null {
    const { faults, world } = this.#surroundings;
    return faults.happens('crash in a write') ? world.random.int(bytes + 1) : null;
  }
}
