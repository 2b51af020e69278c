/** Random results of a process that is not trusted. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { builtinsNow, expectSameBuiltins, make } from './rebuild-results.ts';

describe('random', () => {
  const slot = fc.oneof(
    fc.constantFrom<unknown>(
      null,
      1,
      'a',
      'length',
      '__proto__',
      'constructor',
      'prototype',
      ['undefined'],
      ['hole'],
    ),
    fc.tuple(fc.nat(4)),
    fc.tuple(
      fc.constantFrom('prototype', 'number', 'bigint'),
      fc.oneof(fc.tuple(fc.nat(4)), fc.constantFrom('1', '-0')),
    ),
  );
  const kinds =
    'symbol object array map set weakMap weakSet date regexp boxed url ' +
    'error buffer view registered knownClass global function';
  const node = fc.record(
    {
      k: fc.constantFrom(...kinds.split(' ')),
      items: fc.array(slot, { maxLength: 4 }),
      properties: fc.array(slot, { maxLength: 4 }),
      special: fc.array(fc.record({ key: slot, value: slot, get: slot }, { requiredKeys: ['key'] }), {
        maxLength: 2,
      }),
      proto: slot,
      integrity: fc.constantFrom('frozen', 'sealed', 'fixed'),
      value: slot,
      data: slot,
      type: fc.constantFrom('Pair', 'Uint8Array', 'Bad'),
      buffer: slot,
      offset: fc.nat(9),
      length: fc.nat(9),
      bytes: fc.nat(1),
      id: fc.constantFrom('Point', 'x'),
      key: fc.string(),
      path: fc.constantFrom(['Error'], ['Object'], ['Function']),
      time: fc.integer(),
    },
    { requiredKeys: ['k'] },
  );
  /** Only the fields of its kind, so that many are right. */
  const likely = node.map((each) =>
    Object.fromEntries(fieldsOf(each).filter(([, value]) => value !== undefined)),
  );
  const graph = fc.record({
    nodes: fc.array(fc.oneof(likely, node), { maxLength: 5 }),
    roots: fc.tuple(slot),
  });

  test.each([
    ['graphs', graph],
    ['JSON', fc.jsonValue()],
  ])('%s give a value or an error, and change nothing', (_, inputs: fc.Arbitrary<unknown>) => {
    const before = builtinsNow();
    let made = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        try {
          make(JSON.parse(JSON.stringify(input)), [new Uint8Array(8)]);
          made += 1;
        } catch (error) {
          if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
        }
      }),
      { numRuns: 3_000 },
    );
    expectSameBuiltins(before);
    if (inputs === graph) expect(made).toBeGreaterThan(100);
  });

  function fieldsOf(each: Record<string, unknown>): [string, unknown][] {
    const extras = ['properties', 'special', 'proto', 'integrity'];
    const own: Record<string, string[]> = {
      object: extras,
      array: ['items', ...extras],
      map: ['items', ...extras],
      set: ['items', ...extras],
      weakMap: ['items', ...extras],
      weakSet: ['items', ...extras],
      date: ['time', ...extras],
      boxed: ['value', ...extras],
      error: extras,
      buffer: ['bytes'],
      view: ['type', 'buffer', 'offset', 'length'],
      registered: ['type', 'data'],
      knownClass: ['id'],
      symbol: ['key'],
      global: ['path'],
    };
    return ['k', ...(own[String(each['k'])] ?? [])].map((field) => [field, each[field]]);
  }
});
