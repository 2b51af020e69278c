import { EventEmitter } from 'node:events';
import fs from 'node:fs';
import { SuperJSON } from 'superjson';
import { expect, test } from 'vitest';
import { capture } from '../../../src/codec/closure/capture/capture.ts';
import type { CaptureOptions } from '../../../src/codec/closure/capture/options.ts';
import { decodeDomException, domExceptionType } from '../../../src/codec/closure/capture/dom-exception.ts';
import type { GraphNode } from '../../../src/codec/closure/wire.ts';
import type { CodeUnit } from '../../../src/codec/closure/unit.ts';
import { makeReceiver, sendThrough } from './round-trip/round-trip.ts';

function nodesOf(values: readonly unknown[], options: Partial<CaptureOptions> = {}): readonly GraphNode[] {
  return capture(values, { roots: ['closure'], ...options }).graph.nodes;
}

function unitOf(fn: unknown): CodeUnit | undefined {
  return capture([fn], { roots: ['closure'] }).units[0];
}

test('a function without variables', () => {
  const { graph, units, ...beside } = capture([(x: number) => x * 2, 3], { roots: ['closure'] });
  expect(graph).toStrictEqual({ nodes: [{ k: 'function', code: units[0]?.id, name: '' }], roots: [[0], 3] });
  expect(units).toMatchObject([{ form: 'arrow', variables: [], cells: [], isStrict: true }]);
  expect(beside).toStrictEqual({ binaries: [], signals: [] });
});

test('the same text is the same unit', () => {
  const make = (): (() => number) => () => 1;
  expect(unitOf(make())).toBe(unitOf(make()));
  const capturing =
    (n: number): (() => number) =>
    () =>
      n;
  expect(unitOf(capturing(1))).toBe(unitOf(capturing(2)));
});

test('variables that nobody assigns are values, others cells', () => {
  const fixed = 1;
  let changed = 2;
  const nodes = nodesOf([() => (changed += fixed)]);
  expect(nodes).toMatchObject([
    { k: 'function', values: [1], cells: [1] },
    { k: 'cell', value: 2 },
  ]);
  expect(changed).toBe(2);
});

test('one variable is one cell', () => {
  let count = 0;
  const up = (): number => (count += 1);
  const nodes = nodesOf([() => [up(), count]]);
  expect(nodes.filter(({ k }) => k === 'cell')).toHaveLength(1);
});

test('the same value is one node', () => {
  const shared = { a: 1 };
  const nodes = nodesOf([() => shared, shared, [shared, shared]]);
  expect(nodes.filter(({ k }) => k === 'object')).toHaveLength(1);
});

test('what every process has goes by name', () => {
  const named = [Math, console.log, Map, fs, fs.readFileSync, EventEmitter];
  expect(nodesOf([named]).slice(1)).toMatchObject([
    { k: 'global', path: ['Math'] },
    { k: 'global', path: ['console', 'log'] },
    { k: 'global', path: ['Map'] },
    { k: 'module', specifier: 'node:fs', name: 'default', from: null },
    { k: 'module', specifier: 'node:fs', name: 'readFileSync', from: null },
    { k: 'module', specifier: 'node:events', from: null },
  ]);
});

test('names that are nothing are listed', () => {
  // @ts-expect-error There is no such name.
  const { graph } = capture([() => nowhere], { roots: ['closure'] });
  expect(graph.unresolved).toStrictEqual(['nowhere']);
});

test('signals', () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  const { graph, signals } = capture([() => signal], { roots: ['closure'] });
  expect(signals).toStrictEqual([signal]);
  expect(graph.nodes[1]).toMatchObject({ k: 'signal', index: 0, aborted: [2] });
});

test('the pool, and registered classes', () => {
  const pool = {};
  class Money {
    cents = 5;
  }
  const nodes = nodesOf([[pool, new Money()]], {
    isPool: (object) => object === pool,
    encode: (object) =>
      object instanceof Money ? { type: 'money', data: { cents: object.cents } } : undefined,
  });
  expect(nodes).toMatchObject([
    { k: 'array' },
    { k: 'pool' },
    { k: 'registered', type: 'money', data: [3] },
    { k: 'object', properties: ['cents', 5] },
  ]);
});

test('a DOMException goes by a type of its own', () => {
  const exception = new DOMException('gone', 'AbortError');
  const [, registered, data] = nodesOf([[exception]]);
  expect(registered).toMatchObject({ k: 'registered', type: domExceptionType, data: [2] });
  expect(data).toMatchObject({ k: 'array', items: ['AbortError', 'gone', exception.stack] });
  const made = decodeDomException(['AbortError', 'gone', 'stack']);
  expect([made.name, made.message, made.stack]).toStrictEqual(['AbortError', 'gone', 'stack']);
});

test('a class keeps its id', async () => {
  class Kept {
    n = 1;
  }
  const idOf = (): unknown => nodesOf([Kept]).map((node) => ('id' in node ? node.id : null))[0];
  expect(idOf()).toBe(idOf());
  const receiver = makeReceiver();
  const [first] = await sendThrough([Kept], receiver);
  const [second] = await sendThrough([Kept], receiver);
  expect(first).toBe(second);
});

test('values are read when they are captured', async () => {
  let n = 1;
  const list = [1];
  const sent = sendThrough([() => [n, list]]);
  n = 2;
  list.push(2);
  const [fn] = await sent;
  expect((fn as () => unknown)()).toStrictEqual([1, [1]]);
});

test('weak collections take along what goes anyway', async () => {
  const [kept, other] = [{}, {}];
  const map = new WeakMap([
    [kept, 'kept'],
    [other, 'other'],
  ]);
  const nodes = nodesOf([[map, kept]]);
  expect(nodes[1]).toMatchObject({ k: 'weakMap', items: [[2], 'kept'] });
  expect(map.get(other)).toBe('other');
});

test('a class of a package goes by reference, and its instances need its methods', () => {
  const made = nodesOf([SuperJSON])[0];
  expect(made).toMatchObject({ k: 'module', from: null });
  expect(made).not.toHaveProperty('expects');
  const ofInstance = nodesOf([new SuperJSON()]).find(({ k }) => k === 'module');
  expect(ofInstance).toHaveProperty('expects');
  expect(ofInstance && 'expects' in ofInstance ? ofInstance.expects : []).toContain('stringify');
});

test('a class with a field that only its definition could name is refused', () => {
  const key = Symbol('key');
  class Keyed {
    [key] = 1;
  }
  expect(() => nodesOf([() => new Keyed()])).toThrow(/computed key|\[key\]/u);
});

test('strictness is that of the text', () => {
  // eslint-disable-next-line no-new-func, typescript/no-implied-eval
  const sloppy: unknown = new Function('return this');
  // eslint-disable-next-line no-new-func, typescript/no-implied-eval
  const strict: unknown = new Function('"use strict"; return this');
  expect([unitOf(sloppy)?.isStrict, unitOf(strict)?.isStrict]).toStrictEqual([false, true]);
});
