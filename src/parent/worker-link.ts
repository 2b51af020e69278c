/**
 * One worker's end of the world: its process and its channel. It turns the worker machine's commands into
 * frames and signals, and frames and exits into events. It decides nothing.
 */
import type { WorkerId } from '../../machines/ids.ts';
import { initializeTaskId, type InitMessage, type UpMessage } from '../../machines/protocol.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import { withSourcePositions } from '../codec/closure/source-positions.ts';
import { type EncodedValue, messageHeader, parseHeader, reviveMessage } from '../codec/codec.ts';
import { isNestedHeader } from '../codec/relay.ts';
import type { FindErrorClass } from '../codec/remote-error.ts';
import { NotSerializableError, ProtocolError } from '../errors.ts';
import { rebuildResult } from '../codec/result.ts';
import { Channel } from '../transport/channel.ts';
import type { LeaseAnswer, LeaseRequest } from '../transport/lease-port.ts';
import type { LinkHost, LinkOptions } from './link-contract.ts';
import { CapturedSender } from './captured-sender.ts';
import type { Child } from './child-process.ts';
import type { TaskEntry } from './ledger.ts';
import { missingBytes } from './missing-bytes.ts';
import { readNested } from './nested-message.ts';
import { type RareMessage, takeRareReport } from './rare-reports.ts';
import type { Place } from './places.ts';
import { relayedReport } from './relayed-report.ts';
import { SentFunctions } from './sent-functions.ts';
import { isTaskMessage, takeReport, type TaskMessage } from './task-reports.ts';
import { createOutput, takeOutput } from './output-reports.ts';
import { whenEmptied } from './when-emptied.ts';
import type { WorkerOutput } from './worker-output.ts';
import { WorkerPulse } from './worker-pulse.ts';

const looksAtLivingMax = 100;

export class WorkerLink {
  readonly workerId: WorkerId;
  readonly startedAtMs: number;
  /** Tells this process from every other in logs and recordings. */
  readonly epoch: string;
  exitCode: number | null = null;
  exitSignal: NodeJS.Signals | null = null;
  /** The tasks that were running when it died. */
  readonly lostTasks: string[] = [];
  /** How many reports about tasks it has made. */
  reportCount = 0;
  readonly pulse: WorkerPulse = new WorkerPulse();
  /** Whose place it took. */
  place: Place = { replaces: undefined, restarts: 0 };
  spawnError: Error | null = null;
  protocolError: ProtocolError | null = null;
  /** What `initialize` threw, or what ended the child from outside any task. */
  reportedError: unknown = undefined;
  readonly #host: LinkHost;
  readonly #options: LinkOptions;
  readonly #oomKillsBefore: number | undefined;
  /** Only with `stdio: 'capture'`. */
  readonly output: WorkerOutput | null;
  #child: Child | null = null;
  #channel: Channel | null = null;
  readonly #functions = new SentFunctions((control) => this.#send(control));
  readonly #captured = new CapturedSender((control, value) => this.#send(control, value));
  readonly #findErrorClass: FindErrorClass;
  readonly #onLease: (request: LeaseRequest) => ProtocolError | null;
  readonly #findTask: (taskId: number, attempt: number) => TaskEntry | undefined;
  /** Whether it has had tasks that running tasks submitted. */
  #hasNested = false;

  constructor(options: LinkOptions, host: LinkHost) {
    this.workerId = options.workerId;
    this.startedAtMs = options.startedAtMs;
    this.#options = options;
    this.#host = host;
    this.epoch = options.ports.newId(10);
    this.#findErrorClass = (name) => host.findErrorClass(this.workerId, name);
    this.#findTask = (taskId, attempt) => host.findTask(this.workerId, taskId, attempt);
    this.#onLease = (request) => host.onLease(this, request);
    this.#oomKillsBefore = options.ports.oomKillCount();
    this.output = options.init.capture ? createOutput(this, host, options.ports) : null;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get stderrTail(): string {
    return withSourcePositions(this.#child?.stderrTail() ?? '');
  }

  get oomKillMoved(): boolean {
    return this.#options.ports.oomKillCount() !== this.#oomKillsBefore;
  }

  spawn(): void {
    const child = this.#options.ports.spawnChild(this.#options.spec, {
      onSpawnFailed: (error) => {
        this.spawnError = error;
        this.#tell({ type: 'child.spawnFailed' });
      },
      onExited: (exitCode, signal) => {
        this.exitCode = exitCode;
        this.exitSignal = signal;
        this.output?.noteExit();
      },
      // The end of stderr says why a process died, so the exit is told when that has been read.
      onOutputClosed: () => this.#tell({ type: 'child.exited' }),
      onOutput: (stream, line) => this.output?.takePiped(stream, line),
    });
    this.#child = child;
    if (child.pid === undefined) return;
    this.#channel = new Channel(child.socket, {
      onFrame: (header, binaries) => this.#receive(header, binaries),
      onCorrupt: (error) => this.#corrupt(error),
      onClosed: () => this.#tell({ type: 'channel.closed' }),
    });
    this.#channel.unref();
  }

  writeInit(): void {
    const { init, initialize } = this.#options;
    const message: InitMessage = {
      ...init,
      worker: this.workerId,
      epoch: this.epoch,
      initialize: initialize?.reference ?? null,
    };
    this.#captured.sendRegistrations();
    if (initialize === null) this.#send(['init', message, []]);
    else {
      if (initialize.captured !== null) this.#captured.send(initializeTaskId, initialize.captured);
      this.#send(['init', message], initialize.args);
    }
  }

  /** Hands a task over, or says why its arguments cannot be sent any more. */
  writeRun(entry: TaskEntry, attempt: number): NotSerializableError | null {
    const { request } = entry;
    if (request === null) return null;
    const { args, captured } = request;
    const missing = missingBytes(args) ?? (captured === null ? null : missingBytes(captured.graph));
    if (missing !== null) return missing;
    this.#captured.sendRegistrations();
    this.#functions.send(entry.functionId, request.reference);
    const name = request.settings.name ?? null;
    try {
      if (captured !== null) this.#captured.send(entry.taskId, captured);
      if (entry.givenId !== null) this.#writeIdentity(entry.taskId, entry.givenId);
      this.#send(['run', entry.taskId, attempt, entry.functionId, request.mode, name], args);
    } catch (error) {
      if (error instanceof NotSerializableError) return error;
      throw error;
    }
    return null;
  }

  #writeIdentity(taskId: number, id: string): void {
    this.#hasNested = true;
    this.#send(['identity', taskId, id]);
  }

  writeCancel(entry: TaskEntry, reason: string): void {
    this.#send(['cancel', entry.taskId, entry.attempt, reason]);
  }

  writeRecall(entry: TaskEntry): void {
    this.#send(['recall', entry.taskId, entry.attempt]);
  }

  writeCredit(entry: TaskEntry, credit: number): void {
    this.#send(['credit', entry.taskId, entry.attempt, credit]);
  }

  writePing(): void {
    this.pulse.ask(this.#options.ports.clock.now());
    this.#send(['ping']);
  }

  /** About a task that a task of this worker submitted. */
  writeNested(control: readonly unknown[], value?: EncodedValue): void {
    this.#send(['nested', ...control], value);
  }

  writeStop(): void {
    this.#send(['stop']);
  }

  writeLease(answer: LeaseAnswer): void {
    this.#send(answer);
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    this.#child?.signal(name);
  }

  /** Reads what is there, and says when nothing more comes although the channel is open. */
  readRest(): void {
    const isGone = this.exitCode !== null || this.exitSignal !== null;
    whenEmptied(
      () => this.#channel?.receivedBytes ?? 0,
      (callback) => this.#options.ports.soon(callback),
      // A loop that prints for ever never pauses; what was there when this began has been read by then.
      isGone ? Infinity : looksAtLivingMax,
      () => this.#tell({ type: 'channel.emptied' }),
    );
  }

  noteStderr(text: string): void {
    this.#child?.noteStderr(text);
  }

  /** What it sent does not fit what it was doing. */
  noteProtocolError(what: string): void {
    this.protocolError ??= new ProtocolError(
      `Worker ${this.workerId} (pid ${this.pid ?? 'none'}) sent ${what} out of turn. Something other than ` +
        'troupe may be writing to its channel (file descriptor 3). The worker is replaced.',
    );
  }

  /** Lets go of the channel: everything that could be read has been. */
  dispose(): void {
    this.#captured.dispose();
    this.#channel?.destroy();
  }

  #send(control: readonly unknown[], value?: EncodedValue): void {
    this.#channel?.send(messageHeader(control, value), value?.binaries);
  }

  #tell(event: WorkerEvent): void {
    this.#host.tell(this.workerId, event);
  }

  #corrupt(error: ProtocolError): void {
    this.protocolError ??= error;
    this.#tell({ type: 'channel.corrupted' });
  }

  #receive(header: string, binaries: readonly Uint8Array[]): void {
    let message: UpMessage;
    try {
      if (isNestedHeader(header)) {
        this.#receiveNested(header, binaries);
        return;
      }
      message = this.#read(header, binaries);
    } catch (error) {
      this.#corrupt(
        error instanceof ProtocolError ? error : new ProtocolError(String(error), { cause: error }),
      );
      return;
    }
    if (isTaskMessage(message)) this.#dispatchReport(message);
    else this.#dispatchRare(message);
  }

  /** What another child is to have stays as it was written. */
  #read(header: string, binaries: readonly Uint8Array[]): UpMessage {
    const document = parseHeader(header);
    const relayed = this.#hasNested ? relayedReport(document, binaries, this.#findTask) : undefined;
    return (relayed ?? reviveMessage(document, binaries, this.#findErrorClass, rebuildResult)) as UpMessage;
  }

  #receiveNested(header: string, binaries: readonly Uint8Array[]): void {
    const objection = this.#host.onNested(this, readNested(header, binaries));
    if (objection !== null) this.#corrupt(objection);
  }

  #dispatchRare(message: RareMessage): void {
    const event =
      message[0] === 'output' && this.output !== null
        ? takeOutput(this.output, message, this, this.#host)
        : takeRareReport(this, message, this.#options.ports.clock.now(), this.#onLease);
    if (event instanceof ProtocolError) this.#corrupt(event);
    else if (event !== null) this.#tell(event);
  }

  /** Messages are believed only for a task that this worker has, in the attempt it was given. */
  #dispatchReport(message: TaskMessage): void {
    const [kind, taskId, attempt] = message;
    const entry = this.#host.findTask(this.workerId, taskId, attempt);
    if (entry === undefined) {
      this.#corrupt(
        new ProtocolError(
          `Worker ${this.workerId} reported "${kind}" for task ${String(taskId)}, ` +
            `attempt ${String(attempt)}, which it does not have.`,
        ),
      );
      return;
    }
    this.reportCount += 1;
    const event = takeReport(this.#host, entry, message);
    if (event === null) return;
    if (kind === 'started') this.output?.startTask(taskId);
    else if (kind !== 'waits' && kind !== 'resumed') {
      this.#captured.forget(taskId);
      this.output?.endTask(taskId);
      if (kind !== 'dropped') this.pulse.tasksDone += 1;
    }
    this.#tell(event);
  }
}
