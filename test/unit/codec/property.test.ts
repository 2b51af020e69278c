/** Random values arrive as they were, random references too, and random headers never do harm. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMessage, encodeThrown } from '../../../src/codec/codec.ts';
import { ProtocolError } from '../../../src/errors.ts';
import { arrive, at, readBySuperJson, roundTrip } from './round-trip.ts';
import { isSameGraph } from './same-graph.ts';

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  maxDepth: 4,
});

/** What is drawn at random; the rest follows from the numbers. */
const places = fc.array(fc.tuple(fc.nat(5), fc.nat(20), fc.nat(20)), { maxLength: 30 });

type Container = unknown[] | Record<string, unknown> | Map<unknown, unknown> | Set<unknown>;

/** Containers of every kind that hold each other at random, circles included. */
function tangle(links: readonly [kind: number, from: number, to: number][], leaf: unknown): Container {
  const containers: Container[] = [];
  for (const [kind] of links) {
    containers.push(kind === 0 ? [] : kind === 1 ? {} : kind === 2 ? new Map() : kind === 3 ? new Set() : []);
  }
  const root: Container = [leaf, containers[0]];
  containers.push(root);
  for (const [kind, from, to] of links) {
    const holder = containers[from % containers.length];
    const held = kind === 4 ? leaf : containers[to % containers.length];
    if (Array.isArray(holder)) holder.push(held);
    else if (holder instanceof Map) holder.set(kind === 5 ? held : holder.size, held);
    else if (holder instanceof Set) holder.add(held);
    else if (holder !== undefined) holder[kind === 5 ? 'constructor' : `key.${to}`] = held;
  }
  return root;
}

const kinds: [string, fc.Arbitrary<unknown>][] = [
  ['trees', anything],
  ['graphs', fc.tuple(places, anything).map(([links, leaf]) => tangle(links, leaf))],
];

describe.each(kinds)('random %s', (_kind, values) => {
  test('arrive as they were', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(isSameGraph(roundTrip(value), value)).toBe(true);
      }),
    );
  });

  test('are read by a SuperJSON with our types', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(isSameGraph(readBySuperJson(value), value)).toBe(true);
      }),
    );
  });
});

test('whatever is thrown can be encoded', () => {
  const odd = fc.oneof(
    anything,
    fc.func(fc.nat()),
    fc.constant(Symbol('odd')),
    fc.constant(new Proxy({}, {})),
  );
  const fields = fc.dictionary(fc.string(), odd);
  fc.assert(
    fc.property(fields, odd, fc.string(), (own, cause, message) => {
      const error = new TypeError(message, { cause });
      for (const [key, value] of Object.entries(own)) {
        Object.defineProperty(error, key, { value, enumerable: true, configurable: true });
      }
      const result = arrive(encodeThrown(error, at));
      expect(result).toBeInstanceOf(TypeError);
    }),
  );
});

test('a random header is read or refused, and changes no prototype', () => {
  const before = Reflect.ownKeys(Object.prototype).length;
  const name = fc.constantFrom('binary', 'error', 'object', 'sparse', 'reference', 'graph', 'none');
  const annotation = fc.oneof(
    name.map((custom) => [['custom', `troupe/${custom}`]]),
    fc.constantFrom(['map'], ['set'], ['Date'], ['Error'], ['bigint'], ['regexp'], ['URL'], ['nonsense']),
  );
  const nonsense = fc.constantFrom(null, 1, true, [], {}, [[]], [1, 2], [[], {}], { '0': [] });
  const path = fc.array(fc.constantFrom('0', '1', 'a', '__proto__', 'constructor', 'prototype', 'length'));
  const paths = path.map((segments) => segments.join('.'));
  const meta = fc.record(
    {
      values: fc.oneof(fc.dictionary(paths, fc.oneof(annotation, nonsense)), nonsense),
      referentialEqualities: fc.oneof(fc.dictionary(paths, fc.array(paths)), nonsense),
      v: fc.oneof(fc.constant(1), nonsense),
    },
    { requiredKeys: [] },
  );
  const json = fc.array(fc.oneof(fc.jsonValue(), fc.constantFrom({ a: { a: [0, 1] } }, [[0, 1]])));
  fc.assert(
    fc.property(fc.record({ json, meta }), (document) => {
      expect(isReadOrRefused(JSON.stringify(document))).toBe(true);
      expect(Reflect.ownKeys(Object.prototype)).toHaveLength(before);
      expect(({} as Record<string, unknown>)['a']).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

function isReadOrRefused(header: string): boolean {
  try {
    return Array.isArray(decodeMessage(header, []));
  } catch (error) {
    return error instanceof ProtocolError;
  }
}
