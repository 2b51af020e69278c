/** Writes what tasks come to: how they ended, and the values they give on the way. */
import { valueAt } from '../../machines/protocol.ts';
import { encodeThrown, type EncodedValue, messageHeader, withOwnBytes } from '../codec/codec.ts';
import { encodeResult, type KnownIds } from '../codec/result.ts';
import type { Channel } from '../transport/channel.ts';
import type { ChildPorts } from './child-ports.ts';
import type { TaskRun } from './task-runner.ts';

interface Outcome {
  readonly kind: 'returned' | 'threw';
  /** `undefined` travels as no value at all. */
  readonly value: EncodedValue | undefined;
}

export class OutcomeWriter {
  readonly #channel: Channel;
  readonly #ports: ChildPorts;
  readonly #knownTypes: KnownIds;
  readonly #outcomes = new Map<number, Outcome>();

  constructor(channel: Channel, ports: ChildPorts, knownTypes: KnownIds) {
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
    this.#report(['yielded', run.request.taskId, run.attempt], this.#encode(value, valueAt.yielded, 'yield'));
  }

  writeProgress(run: TaskRun, value: unknown): void {
    const control = ['progress', run.request.taskId, run.attempt];
    this.#report(control, this.#encode(value, valueAt.progress, 'progress'));
  }

  writeOutcome(run: TaskRun): void {
    const { taskId } = run.request;
    const outcome = this.#outcomes.get(taskId);
    if (outcome === undefined) return;
    this.#outcomes.delete(taskId);
    const micros = Math.round((this.#ports.now() - run.startedAtMs) * 1_000);
    try {
      this.#send([outcome.kind, taskId, run.attempt, micros], outcome.value);
    } catch (tooLarge) {
      this.#send(['threw', taskId, run.attempt, micros], encodeThrown(tooLarge, valueAt.threw));
    }
  }

  forget(taskId: number): void {
    this.#outcomes.delete(taskId);
  }

  #encode(value: unknown, at: number, root: 'result' | 'yield' | 'progress'): EncodedValue {
    return encodeResult(value, at, root, this.#knownTypes);
  }

  /** The function goes on at once, and may fill the same buffer again before its bytes have left. */
  #report(control: readonly unknown[], value: EncodedValue): void {
    this.#send(control, withOwnBytes(value));
  }

  #send(control: readonly unknown[], value?: EncodedValue): void {
    this.#channel.send(messageHeader(control, value), value?.binaries);
  }
}
