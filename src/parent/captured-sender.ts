/**
 * Sends one worker what tasks hold on to: the text of each function, and for each task the graph that names
 * them. Signals in it are listened to until the task is over.
 */
import type { TaskId } from '../../machines/ids.ts';
import { valueAt } from '../../machines/protocol.ts';
import { type CapturedCall, capturedRegistration } from '../codec/call.ts';
import { encodeThrown, type EncodedValue } from '../codec/codec.ts';
import { type Registration, registrations } from '../codec/registry.ts';
import { onAbort } from './on-abort.ts';
import { SentUnits } from './sent-units.ts';

type Send = (control: readonly unknown[], value?: EncodedValue) => void;

export class CapturedSender {
  readonly #send: Send;
  readonly #units: SentUnits;
  readonly #sentRegistrations = new Set<Registration>();
  readonly #listening = new Map<TaskId, (() => void)[]>();

  constructor(send: Send) {
    this.#send = send;
    this.#units = new SentUnits(send);
  }

  /** Sends what has been registered since the last time, so that results can make use of it. */
  sendRegistrations(): void {
    for (const registration of registrations()) {
      if (this.#sentRegistrations.has(registration)) continue;
      this.#sentRegistrations.add(registration);
      const { classId, units, graph } = capturedRegistration(registration);
      for (const unit of units) this.#units.send(unit);
      this.#units.keep(units);
      this.#send(['register', registration.name, classId], graph);
    }
  }

  /** Throws `NotSerializableError` if it is too large for a message. */
  send(taskId: TaskId, { roots, graph, units, signals }: CapturedCall): void {
    this.forget(taskId);
    for (const unit of units) this.#units.send(unit);
    this.#send(['captured', taskId, roots], graph);
    this.#units.use(taskId, units);
    if (signals.length > 0) this.#listen(taskId, signals);
  }

  /** The task is over in this worker. */
  forget(taskId: TaskId): void {
    for (const stopListening of this.#listening.get(taskId) ?? []) stopListening();
    this.#listening.delete(taskId);
    this.#units.release(taskId);
  }

  dispose(): void {
    for (const taskId of this.#listening.keys()) this.forget(taskId);
  }

  #listen(taskId: TaskId, signals: readonly AbortSignal[]): void {
    const listening = signals.map((signal, index) =>
      onAbort(signal, () =>
        this.#send(['signal', taskId, index], encodeThrown(signal.reason, valueAt.signal)),
      ),
    );
    this.#listening.set(taskId, listening);
  }
}
