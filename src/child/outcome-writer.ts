/** Writes what tasks come to: how they ended, and the values they give on the way. */
import { valueAt } from '../../machines/protocol.ts';
import { encodeThrown, type EncodedValue, messageHeader, withOwnBytes } from '../codec/codec.ts';
import { encodeResult, type KnownIds } from '../codec/result.ts';
import type { Channel } from '../transport/channel.ts';
import type { ChildPorts } from './child-ports.ts';
import type { TaskRun } from './task-runner.ts';

/** What is reported may wait this long for more to go with it. */
const flushAfterMs = 2;

/** And no longer than until there is this much of it. */
const flushedBytesMin = 64 * 1024;

/** When the parent leaves this much unread, of what a task reports next only the latest value is kept. */
const progressBytesMax = 8 * 1024 * 1024;

interface Outcome {
  readonly kind: 'returned' | 'threw';
  /** `undefined` travels as no value at all. */
  readonly value: EncodedValue | undefined;
}

export class OutcomeWriter {
  readonly #channel: Channel;
  readonly #ports: ChildPorts;
  readonly #knownTypes: () => KnownIds;
  readonly #outcomes = new Map<number, Outcome>();
  /** Progress that found the channel full. */
  readonly #latest = new Map<number, { readonly run: TaskRun; readonly value: EncodedValue }>();
  #flushedAtMs = -Infinity;

  constructor(channel: Channel, ports: ChildPorts, knownTypes: () => KnownIds) {
    this.#channel = channel;
    this.#ports = ports;
    this.#knownTypes = knownTypes;
  }

  /** What cannot be sent back is an error like any other. */
  noteReturned(run: TaskRun, value: unknown): void {
    try {
      const encoded = value === undefined ? undefined : this.#encode(value, valueAt.returned, 'result');
      this.#outcomes.set(run.request.taskId, { kind: 'returned', value: encoded });
    } catch (error) {
      this.noteThrew(run, error);
    }
  }

  noteThrew(run: TaskRun, error: unknown): void {
    this.#outcomes.set(run.request.taskId, { kind: 'threw', value: encodeThrown(error, valueAt.threw) });
  }

  writeYielded(run: TaskRun, value: unknown): void {
    const encoded = this.#encode(value, valueAt.yielded, 'yield');
    this.#report(['yielded', run.request.taskId, run.attempt], withOwnBytes(encoded));
  }

  /** A task that reports faster than anybody reads takes no more memory for it: what is late is replaced. */
  writeProgress(run: TaskRun, value: unknown): void {
    const { taskId } = run.request;
    const encoded = withOwnBytes(this.#encode(value, valueAt.progress, 'progress'));
    if (this.#channel.pendingBytes < progressBytesMax) {
      this.#latest.delete(taskId);
      this.#report(['progress', taskId, run.attempt], encoded);
      return;
    }
    if (this.#latest.size === 0) this.#channel.whenFlushed(() => this.#writeAllLatest());
    this.#latest.set(taskId, { run, value: encoded });
  }

  writeOutcome(run: TaskRun): void {
    const { taskId } = run.request;
    const outcome = this.#outcomes.get(taskId);
    if (outcome === undefined) return;
    this.#outcomes.delete(taskId);
    this.#writeLatest(taskId);
    const micros = Math.round((this.#ports.now() - run.startedAtMs) * 1_000);
    try {
      this.#send([outcome.kind, taskId, run.attempt, micros], outcome.value);
    } catch (tooLarge) {
      this.#send(['threw', taskId, run.attempt, micros], encodeThrown(tooLarge, valueAt.threw));
    }
  }

  forget(taskId: number): void {
    this.#outcomes.delete(taskId);
    this.#latest.delete(taskId);
  }

  #writeAllLatest(): void {
    for (const taskId of this.#latest.keys()) this.#writeLatest(taskId);
  }

  #writeLatest(taskId: number): void {
    const latest = this.#latest.get(taskId);
    if (latest === undefined) return;
    this.#latest.delete(taskId);
    this.#report(['progress', taskId, latest.run.attempt], latest.value);
  }

  #encode(value: unknown, at: number, root: 'result' | 'yield' | 'progress'): EncodedValue {
    return encodeResult(value, at, root, this.#knownTypes());
  }

  /**
   * The function goes on at once: it may fill the same buffer again before its bytes have left, and if it
   * computes, nothing would leave before it ends.
   */
  #report(control: readonly unknown[], value: EncodedValue): void {
    this.#send(control, value);
    const now = this.#ports.now();
    if (now - this.#flushedAtMs < flushAfterMs && this.#channel.pendingBytes < flushedBytesMin) return;
    this.#flushedAtMs = now;
    this.#channel.flush();
  }

  #send(control: readonly unknown[], value?: EncodedValue): void {
    this.#channel.send(messageHeader(control, value), value?.binaries);
  }
}
