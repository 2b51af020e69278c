/** Gives each command of the child's machine its meaning: frames, function calls, and leaving. */
import {
  type DownMessage,
  type FunctionReference,
  type InitMessage,
  PROTOCOL_VERSION,
  valueAt,
} from '../../machines/protocol.ts';
import { decodeMessage, encodeThrown, type EncodedValue, messageHeader } from '../codec/codec.ts';
import { isNestedHeader } from '../codec/relay.ts';
import type { PoolNode } from '../codec/closure/wire.ts';
import type { Command, MachineEvent } from '../runtime/compile.ts';
import { System, type SystemHost } from '../runtime/system.ts';
import type { Channel } from '../transport/channel.ts';
import { ChannelLooks } from './channel-looks.ts';
import type { ChildPorts } from './child-ports.ts';
import { type ChildEvent, compiledChild } from './compiled-child.ts';
import { CallLoader, type LoadedCall, type PreparingMessage } from './call-loader.ts';
import { Initialization } from './initialization.ts';
import { MemoryReport } from './memory-report.ts';
import { NestedAccess } from './nested-access.ts';
import type { OutputEnd } from './output-capture.ts';
import { OutcomeWriter } from './outcome-writer.ts';
import { Pulse } from './pulse.ts';
import { TaskRun, type RunnerHost } from './task-runner.ts';

export class ChildInterpreter implements SystemHost, RunnerHost {
  readonly #system: System<{ child: ChildEvent }>;
  readonly #channel: Channel;
  readonly #ports: ChildPorts;
  readonly #runs = new Map<number, TaskRun>();
  readonly #functions = new Map<number, FunctionReference>();
  readonly #calls = new CallLoader((node) => this.pool(node));
  readonly #identities = new Map<number, string>();
  readonly #nested: NestedAccess;
  readonly #writer: OutcomeWriter;
  readonly #pulse: Pulse;
  #output: OutputEnd | null = null;
  readonly #memory: MemoryReport;
  #init: InitMessage | null = null;
  #initialization: Initialization | null = null;
  readonly #looks: ChannelLooks;
  #cancelReason = '';

  constructor(channel: Channel, ports: ChildPorts) {
    this.#channel = channel;
    this.#ports = ports;
    this.#looks = new ChannelLooks(ports);
    this.#writer = new OutcomeWriter(channel, ports, () => this.#calls.knownTypes);
    this.#nested = new NestedAccess(channel, ports, () => this.#init, this.#calls);
    this.#memory = new MemoryReport(ports, (rssBytes) => this.#send(['memory', rssBytes]));
    this.#system = new System({ child: compiledChild() }, this);
    this.#pulse = new Pulse(
      ports,
      () => this.#runs.size > 0,
      (...facts) => this.#send(['pulse', ...facts]),
    );
    this.#system.create('child', 0, undefined);
  }

  post(event: ChildEvent): void {
    this.#system.tell('child', 0, event);
    this.#system.run();
  }

  receive(header: string, binaries: readonly Uint8Array[]): void {
    this.#looks.note();
    if (isNestedHeader(header)) return this.#nested.receive(header, binaries);
    const message = decodeMessage(header, binaries) as DownMessage;
    switch (message[0]) {
      case 'init':
        this.#init = message[1];
        this.#initialization = new Initialization(message[1].initialize, message[2], this.#calls);
        if (message[1].capture) this.#output = this.#ports.captureOutput(this.#channel);
        this.post({ type: 'init.received', concurrency: message[1].concurrency });
        break;
      case 'function':
        this.#functions.set(message[1], { url: message[2], name: message[3] });
        break;
      case 'forgetFunctions':
        this.#functions.clear();
        break;
      case 'identity':
        this.#identities.set(message[1], message[2]);
        break;
      case 'run':
        this.#accept(message);
        break;
      case 'cancel':
        this.#cancelReason = message[3];
        this.post({ type: 'cancel.received', taskId: message[1] });
        break;
      case 'recall':
        this.post({ type: 'recall.received', taskId: message[1] });
        break;
      case 'credit':
        this.#runs.get(message[1])?.addCredit(message[3]);
        break;
      case 'ping':
        this.#send(['pong']);
        break;
      case 'leased':
      case 'shortage':
        this.#ports.onLease(message);
        break;
      case 'stop':
        this.post({ type: 'stop.received' });
        break;
      default:
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parent's own, in its protocol
        this.#calls.receive(message as PreparingMessage, binaries);
    }
  }

  /** Tells the parent what is about to end this process, as far as it can still be told. */
  reportUncaught(error: unknown, exit: () => void): void {
    this.#output?.flush();
    this.#send(['uncaught'], encodeThrown(error, valueAt.uncaught));
    this.#channel.whenFlushed(exit);
  }

  // What the system asks of its host.

  perform(_kind: string, _id: number, command: Command): void {
    const { taskId } = (command.params ?? {}) as { taskId: number };
    switch (command.type) {
      case 'writeHello':
        this.#send(['hello', { protocol: PROTOCOL_VERSION, pid: this.#ports.pid }]);
        break;
      case 'runInitialize':
        void this.#initialization?.run().then((event) => this.post(event));
        break;
      case 'writeReady':
        this.#send(['ready']);
        break;
      case 'writeInitializeFailed':
        this.#send(['initializeFailed'], encodeThrown(this.#initialization?.error, valueAt.initializeFailed));
        break;
      case 'announceStart':
        this.#announceStart(taskId);
        break;
      case 'look':
        this.#look();
        break;
      case 'runTask':
        this.#runs.get(taskId)?.start();
        break;
      case 'abortTask':
        this.#runs.get(taskId)?.abort(this.#cancelReason);
        break;
      case 'writeWaits':
        this.#report('waits', taskId);
        break;
      case 'writeResumed':
        this.#report('resumed', taskId);
        break;
      case 'writeOutcome':
        this.#writeOutcome(taskId);
        break;
      case 'writeDropped':
        this.#report('dropped', taskId);
        this.#forget(taskId);
        break;
      case 'flushAndExit':
        this.#channel.whenFlushed(() => this.#ports.exit(0));
        break;
      case 'exitNow':
        this.#ports.exit(0);
        break;
      default:
        throw new TypeError(`The child machine asked for "${command.type}", which nobody performs.`);
    }
  }

  onIdle(): boolean {
    return false;
  }

  onLate(): void {
    // There is one machine here, and it is never removed.
  }

  onUnexpected(_kind: string, _id: number, state: string, event: MachineEvent): void {
    throw new TypeError(`The child machine got "${event.type}" in state "${state}".`);
  }

  // What tasks ask of their host.

  load({ request: { taskId, reference, args } }: TaskRun): LoadedCall | Promise<LoadedCall> {
    return this.#calls.load(taskId, reference, args);
  }

  now(): number {
    return this.#ports.now();
  }

  onReturned(run: TaskRun, value: unknown): void {
    this.#output?.endTask(run);
    this.#writer.noteReturned(run, value);
    this.post({ type: 'task.ended', taskId: run.request.taskId });
  }

  onThrew(run: TaskRun, error: unknown): void {
    this.#output?.endTask(run);
    this.#writer.noteThrew(run, error);
    this.post({ type: 'task.ended', taskId: run.request.taskId });
  }

  look(): Promise<void> | undefined {
    if (this.#looks.isRecent) return undefined;
    return new Promise((resolve) => {
      this.#looks.afterNext(resolve);
    });
  }

  onYielded(run: TaskRun, value: unknown): void {
    this.#output?.flush();
    this.#writer.writeYielded(run, value);
  }

  onProgress(run: TaskRun, value: unknown): void {
    this.#output?.flush();
    this.#writer.writeProgress(run, value);
  }

  /** The pool of a node, as a task here has it. */
  pool(node: PoolNode): object {
    return this.#nested.pool(node);
  }

  onWaits({ request: { taskId } }: TaskRun): void {
    this.post({ type: 'task.waits', taskId });
  }

  onResumed({ request: { taskId } }: TaskRun): void {
    this.post({ type: 'task.resumed', taskId });
  }

  #report(kind: 'dropped' | 'waits' | 'resumed', taskId: number): void {
    this.#send([kind, taskId, this.#runs.get(taskId)?.attempt ?? 0]);
  }

  #forget(taskId: number): void {
    this.#identities.delete(taskId);
    this.#runs.delete(taskId);
    this.#writer.forget(taskId);
    this.#calls.forget(taskId);
  }

  #accept(message: Extract<DownMessage, ['run', ...unknown[]]>): void {
    const [, taskId, attempt, functionId, mode, name, args] = message;
    const reference = this.#functions.get(functionId);
    if (reference === undefined) throw new TypeError(`Function ${functionId} was never announced.`);
    const { pool, depth } = this.#init ?? { pool: '', depth: 1 };
    const id = `${pool}/${this.#identities.get(taskId) ?? taskId}`;
    const request = { taskId, attempt, reference, mode, name, args, id, depth };
    this.#runs.set(taskId, new TaskRun(request, this));
    this.post({ type: 'run.received', taskId });
  }

  /**
   * The announcement leaves with the outcome before it, in one write, and the function starts when both are
   * out.
   */
  #announceStart(taskId: number): void {
    const run = this.#runs.get(taskId);
    if (run === undefined) return;
    this.#send(['started', taskId, run.attempt]);
    this.#pulse.noteTask();
    // If it can reach nobody, the parent takes the task for one that never began: so it must not.
    const start = (): void => {
      if (this.#channel.canReachPeer) this.post({ type: 'start.flushed', taskId });
    };
    if (this.#channel.flush()) start();
    else this.#channel.whenFlushed(start);
  }

  /** Unless it has just looked at the channel: what waits here may be wanted back. */
  #look(): void {
    const finish = (): void => this.post({ type: 'look.finished' });
    if (this.#looks.isRecent) finish();
    else {
      this.#channel.flush();
      this.#looks.afterNext(finish);
    }
  }

  #writeOutcome(taskId: number): void {
    const run = this.#runs.get(taskId);
    if (run === undefined) return;
    this.#writer.writeOutcome(run);
    if (this.#init?.reportsMemory === true) this.#memory.noteTaskEnd();
    this.#forget(taskId);
  }

  #send(control: readonly unknown[], value?: EncodedValue): void {
    this.#channel.send(messageHeader(control, value), value?.binaries);
  }
}
