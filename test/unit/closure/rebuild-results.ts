/** What a parent knows when it makes a result again, and a look at what no result may change. */
import { expect } from 'vitest';
import type { KnownByName } from '../../../src/codec/closure/rebuild/data-nodes.ts';
import { rebuildData } from '../../../src/codec/closure/rebuild/rebuild-data.ts';
import type { Made } from './rebuild-samples.ts';

export class Point {
  x: number;
  constructor(x: number) {
    this.x = x;
  }
  set y(_: unknown) {
    throw new Error('was run');
  }
}

const known: KnownByName = {
  classById: (id) => (id === 'Point' ? Point : undefined),
  symbolById: () => undefined,
  decoderOf: (type) =>
    type === 'Pair' ? (data: unknown) => ({ pair: data }) : type === 'Bad' ? bad : undefined,
};

function bad(): never {
  throw new Error('bad data');
}

/** A graph whose root is the first node. */
export const of = (...nodes: unknown[]): unknown => ({ nodes, roots: [[0]] });
/** What the parent makes of it. */
export function make(graph: unknown, binaries: readonly Uint8Array[] = []): Made {
  return rebuildData(graph, binaries, known) as Made;
}

/** All that must not change, to be compared by identity. */
export function builtinsNow(): unknown[] {
  const objects = [Object, Function, Array, Map, Set, Date, RegExp, Error, TypeError, Promise, Symbol, Point];
  return objects
    .flatMap((each): object[] => [each, each.prototype as object])
    .flatMap((each) => [
      Object.getPrototypeOf(each) as unknown,
      Object.isExtensible(each),
      ...Reflect.ownKeys(each).flatMap((key) => [
        key,
        ...(Object.values(Object.getOwnPropertyDescriptor(each, key) ?? {}) as unknown[]),
      ]),
    ]);
}

export function expectSameBuiltins(before: readonly unknown[]): void {
  const now = builtinsNow();
  expect(now).toHaveLength(before.length);
  expect(now.every((each, index) => Object.is(each, before[index]))).toBe(true);
}
