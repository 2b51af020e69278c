/** One real child process whose every step, word and death waits until it is told to. */
import process from 'node:process';
import {
  type Child,
  type ChildObserver,
  type ChildSpec,
  spawnChild,
} from '../../src/parent/child-process.ts';
import { processState } from '../../src/parent/process-facts.ts';
import type { Control, ControlLine } from './control.ts';
import { GatedSocket } from './gated-socket.ts';
import type { Answer, Order } from './orders.ts';

/** What every child is before it has said anything. */
const unborn: Pick<Answer, 'state' | 'context' | 'held'> = {
  state: 'booting',
  context: { concurrency: 1, waiting: [], started: [], parked: [] },
  held: [],
};

export class RealChild {
  readonly socket: GatedSocket | null;
  /** What the pool gets for a child. */
  readonly child: Child;
  /** Signals the pool has sent. */
  readonly signals: ('SIGTERM' | 'SIGKILL')[] = [];
  /** What it was like when it last answered. */
  last: Pick<Answer, 'state' | 'context' | 'held'> = unborn;
  readonly #observer: ChildObserver;
  readonly #real: Child;
  readonly #line: Promise<ControlLine>;
  readonly #hasEnded: Promise<void>;
  #exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null = null;
  #failure: Error | null = null;
  #holder: number | null = null;

  constructor(spec: ChildSpec, observer: ChildObserver, control: Control) {
    this.#observer = observer;
    const { key, line } = control.expect();
    this.#line = line;
    let end = (): void => undefined;
    this.#hasEnded = new Promise((resolve) => {
      end = resolve;
    });
    const env = { ...spec.env, LOCKSTEP_ADDRESS: control.address, LOCKSTEP_KEY: String(key) };
    this.#real = spawnChild(
      { ...spec, env },
      {
        onSpawnFailed: (error) => {
          this.#failure = error;
          end();
        },
        onExited: (code, signal) => {
          this.#exit = { code, signal };
        },
        onOutputClosed: end,
        onOutput: () => undefined,
      },
    );
    this.socket = this.#real.pid === undefined ? null : new GatedSocket(this.#real.socket);
    this.child = {
      pid: this.#real.pid,
      socket: this.socket ?? this.#real.socket,
      signal: (name) => void this.signals.push(name),
      stderrTail: () => this.#real.stderrTail(),
      noteStderr: (text) => this.#real.noteStderr(text),
      ref: () => this.#real.ref(),
      unref: () => this.#real.unref(),
    };
  }

  get stderr(): string {
    return this.#real.stderrTail();
  }

  /** Has it do one thing, and waits until what it wrote by that has come. */
  async order(order: Order, isFlushSlow = false): Promise<void> {
    const line = await this.#line;
    const answer = await line.order(order, isFlushSlow);
    if (answer.problem !== null) throw new Error(`A child cannot ${order.do}: ${answer.problem}`);
    this.last = answer;
    this.#holder = answer.holder ?? this.#holder;
    await this.#until(({ arrivals, isOver }) => arrivals === answer.sent || isOver);
  }

  /** Has so many of its messages come to the parent's end. */
  async haveSent(count: number): Promise<void> {
    const missing = count - (this.socket?.unread.length ?? 0);
    if (missing > 0) await this.order({ do: 'release', count: missing });
  }

  /** Has it do what ends it. */
  async orderEnd(order: Order): Promise<void> {
    const line = await this.#line;
    // It does not live to answer.
    void line.order(order, false);
    await this.#hasEnded;
  }

  async die(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#real.signal(signal);
    await this.#hasEnded;
  }

  /** Resolves when the system has stopped it. */
  async freeze(): Promise<void> {
    const { pid } = this.#real;
    if (pid === undefined) throw new Error('There is no process to stop.');
    process.kill(pid, 'SIGSTOP');
    while (processState(pid) !== 'stopped') await new Promise((resolve) => void setImmediate(resolve));
  }

  async tellSpawnFailed(): Promise<void> {
    await this.#hasEnded;
    if (this.#failure === null) throw new Error('It was spawned.');
    this.#observer.onSpawnFailed(this.#failure);
  }

  async tellExit(): Promise<void> {
    await this.#hasEnded;
    if (this.#exit === null) throw new Error('There was no process.');
    this.#observer.onExited(this.#exit.code, this.#exit.signal);
    this.#observer.onOutputClosed();
  }

  async tellEnd(): Promise<void> {
    await this.#until(({ isOver }) => isOver);
    this.socket?.finish();
  }

  async tellGarbage(): Promise<void> {
    await this.order({ do: 'write garbage' });
    await this.#until(({ isCorrupt }) => isCorrupt);
    this.socket?.deliverGarbage();
  }

  /** Leaves nothing behind. */
  async remove(): Promise<void> {
    this.#real.signal('SIGKILL');
    if (this.#holder !== null) process.kill(this.#holder, 'SIGKILL');
    await this.#hasEnded;
    this.socket?.abandon();
  }

  async #until(isSo: (socket: GatedSocket) => boolean): Promise<void> {
    const { socket } = this;
    if (socket === null) throw new Error('There is no channel.');
    while (!isSo(socket))
      await new Promise<void>((resolve) => {
        socket.onNews = resolve;
      });
  }
}
