/**
 * Which texts of functions a worker has been sent. A program that makes new ones for ever must not fill its
 * workers with them: those not used for longest are taken back, and sent again if they come up again.
 */
import type { TaskId } from '../../machines/ids.ts';

interface Unit {
  readonly id: string;
}

type Send = (control: readonly unknown[]) => void;

/** A program has fewer functions that it sends; what is made at run time may have no end. */
const unitsMax = 1_000;

/** Taken back together, in one message. */
const lot = 100;

export class SentUnits {
  readonly #send: Send;
  /** How many unfinished tasks need each, in the order of their last use. */
  readonly #uses = new Map<string, number>();
  readonly #kept = new Set<string>();
  readonly #ofTask = new Map<TaskId, readonly Unit[]>();

  constructor(send: Send) {
    this.#send = send;
  }

  send(unit: Unit): void {
    if (this.#kept.has(unit.id) || this.#uses.has(unit.id)) return;
    this.#send(['code', unit]);
    this.#uses.set(unit.id, 0);
  }

  /** They are needed as long as the worker lives. */
  keep(units: readonly Unit[]): void {
    for (const { id } of units) {
      this.#kept.add(id);
      this.#uses.delete(id);
    }
  }

  /** The task needs them until it is released. */
  use(taskId: TaskId, units: readonly Unit[]): void {
    if (units.length === 0) return;
    this.#ofTask.set(taskId, units);
    for (const { id } of units) this.#count(id, 1);
    if (this.#uses.size >= unitsMax + lot) this.#takeBack();
  }

  release(taskId: TaskId): void {
    const units = this.#ofTask.get(taskId);
    if (units === undefined) return;
    this.#ofTask.delete(taskId);
    for (const { id } of units) this.#count(id, -1);
  }

  #count(id: string, change: number): void {
    const uses = this.#uses.get(id);
    if (uses === undefined) return;
    this.#uses.delete(id);
    this.#uses.set(id, uses + change);
  }

  #takeBack(): void {
    const unused: string[] = [];
    for (const [id, uses] of this.#uses) {
      if (this.#uses.size - unused.length <= unitsMax) break;
      if (uses === 0) unused.push(id);
    }
    if (unused.length === 0) return;
    for (const id of unused) this.#uses.delete(id);
    this.#send(['forgetCode', unused]);
  }
}
