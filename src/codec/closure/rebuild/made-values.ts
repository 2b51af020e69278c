/** What has been made of a graph's nodes so far, and what a slot stands for by that. */
import type { Slot } from '../wire.ts';

/** Stands for a value that is not made yet. */
export const pending: unique symbol = Symbol('pending');

/** The values of a graph's nodes, by their indexes. */
export class MadeValues {
  readonly #values: unknown[] = [];

  constructor(count: number) {
    for (let index = 0; index < count; index += 1) this.#values.push(pending);
  }

  has(index: number): boolean {
    return this.#values[index] !== pending;
  }

  at(index: number): unknown {
    return this.#values[index];
  }

  set(index: number, value: unknown): void {
    this.#values[index] = value;
  }

  /** The value of a slot; `pending` if its node is not made yet. */
  read(slot: Slot): unknown {
    if (typeof slot !== 'object' || slot === null) return slot;
    switch (slot[0]) {
      case 'undefined':
      case 'hole':
        return undefined;
      case 'number':
        return Number(slot[1]);
      case 'bigint':
        return BigInt(slot[1]);
      case 'prototype':
        return prototypeOf(this.read(slot[1]));
      default:
        return this.#values[slot[0]];
    }
  }

  /** The same for a slot that is known to be made. */
  ready(slot: Slot): unknown {
    const value = this.read(slot);
    if (value === pending) throw new TypeError('a value is needed before it can be made');
    return value;
  }
}

function prototypeOf(made: unknown): unknown {
  if (made === pending) return pending;
  if (typeof made !== 'function') throw new TypeError('only a class or function has a prototype');
  return made.prototype;
}

export function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
