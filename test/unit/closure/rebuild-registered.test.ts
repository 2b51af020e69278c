/** Values that users' serializers make, in the child. */
import { describe, expect, test } from 'vitest';
import type { GraphNode } from '../../../src/codec/closure/wire.ts';
import { type Made, only, rebuilder, unit } from './rebuild-samples.ts';

describe('registered values', () => {
  const decoded: Made[] = [];
  const made = rebuilder([unit('(data) => ({ sent: data.n })')], {
    decoderOf: (type) =>
      type === 'Unknown'
        ? undefined
        : (value: unknown) => {
            decoded.push(structuredClone(value) as Made);
            return { type, value };
          },
  });

  test('are made when their data is complete, inner ones first', () => {
    const value = only(made, [
      { k: 'registered', type: 'Outer', data: [1] },
      { k: 'object', properties: ['list', [2], 'self', [1]] },
      { k: 'array', items: [[3], [4]], integrity: 'frozen' },
      { k: 'registered', type: 'Inner', data: [4] },
      { k: 'map', items: ['a', 1] },
    ]);
    expect(decoded.map((each) => each.list?.length ?? each.get('a'))).toEqual([1, 2]);
    const [inner, map] = [...value.value.list];
    expect([value.type, inner?.type, inner?.value === map]).toEqual(['Outer', 'Inner', true]);
  });

  test('may be bound, captured and thrown about, once they are made', () => {
    const code = unit('function () { return [this, n]; }', { variables: ['n'] });
    made.addUnit(code);
    const value = only(made, [
      { k: 'bound', target: [1], boundThis: [2], args: [] },
      { k: 'function', code: code.id, name: '', values: [[2]] },
      { k: 'registered', type: 'T', data: 1 },
    ]);
    expect(value()).toEqual([
      { type: 'T', value: 1 },
      { type: 'T', value: 1 },
    ]);
  });

  test('are decoded as their sender does, where no serializer is registered', () => {
    const nodes: GraphNode[] = [
      { k: 'registered', type: 'Unknown', data: [1], decode: [2] },
      { k: 'object', properties: ['n', 3] },
      { k: 'function', code: '(data) => ({ sent: data.n })', name: 'decode' },
    ];
    expect(only(made, nodes)).toEqual({ sent: 3 });
    expect(() => only(made, [{ k: 'registered', type: 'Unknown', data: 1 }])).toThrow('no serializer');
  });

  test('may be statics of the class that their decode function makes them of', () => {
    const money = unit('class Money { constructor(n) { this.n = n + Money.fee; } }');
    const decode = unit('(n) => new Money(n.n)', { variables: ['Money'] });
    const self = rebuilder([
      { ...money, text: money.text.replace('+ Money.fee', '+ new.target.fee') },
      decode,
    ]);
    const zero = only(
      self,
      [
        { k: 'class', id: 'Money', code: money.id, name: 'Money', properties: ['ZERO', [1], 'fee', 1] },
        { k: 'registered', type: 'Money', data: [2], decode: [3] },
        { k: 'object', properties: ['n', 5] },
        { k: 'function', code: decode.id, name: 'decode', values: [[0]] },
      ],
      [0],
    );
    expect(zero.ZERO).toBeInstanceOf(zero);
    expect(zero.ZERO.n).toBe(6);
  });

  test('cannot hold themselves', () => {
    const nodes: GraphNode[] = [
      { k: 'object', properties: ['it', [1]] },
      { k: 'registered', type: 'T', data: [2] },
      { k: 'array', items: [[0]] },
    ];
    expect(() => only(made, nodes)).toThrow('holds that "T" again');
    expect(() => only(made, [{ k: 'registered', type: 'T', data: [0] }])).toThrow('holds that "T" again');
  });
});
