/** Results of a process that is not trusted, as they are when it is honest. */
import { describe, expect, test } from 'vitest';
import { make, of, Point } from './rebuild-results.ts';

describe('data', () => {
  test('is made again', () => {
    const made = make(
      of({ k: 'map', items: [[1], ['bigint', '3'], 'self', [0]] }, { k: 'array', items: [['hole'], 1] }),
    );
    const [list] = made.keys();
    expect([made.get('self') === made, Object.entries(list ?? [])]).toEqual([true, [['1', 1]]]);
    expect(make({ nodes: [], roots: [['number', '-0']] })).toBe(-0);
    expect(make(of({ k: 'buffer', bytes: 0 }), [new Uint8Array([1])])).toEqual(new Uint8Array([1]).buffer);
  });

  test('has instances of known classes, and neither constructors nor setters run', () => {
    const made = make(
      of(
        {
          k: 'object',
          proto: ['prototype', [1]],
          properties: ['x', 1, 'y', 2, '__proto__', 3, 'constructor', 4],
        },
        { k: 'knownClass', id: 'Point' },
      ),
    );
    expect(made).toBeInstanceOf(Point);
    expect(Object.entries(made)).toEqual([
      ['x', 1],
      ['y', 2],
      ['__proto__', 3],
      ['constructor', 4],
    ]);
  });

  test('has errors of the classes every process has', () => {
    const made = make(
      of(
        { k: 'error', proto: ['prototype', [1]], stack: 's', special: [{ key: 'message', value: 'm' }] },
        { k: 'global', path: ['TypeError'] },
      ),
    );
    expect([made instanceof TypeError, made.message, made.stack]).toEqual([true, 'm', 's']);
  });

  test('has what serializers make', () => {
    expect(make(of({ k: 'registered', type: 'Pair', data: [1] }, { k: 'array', items: [1, 2] }))).toEqual({
      pair: [1, 2],
    });
    expect(() => make(of({ k: 'registered', type: 'None', data: 1 }))).toThrow(TypeError);
    expect(() => make(of({ k: 'registered', type: 'Bad', data: 1 }))).toThrow(
      /could not be made again: bad data/u,
    );
  });

  test('may be as deep as it likes', () => {
    const depth = 100_000;
    const nodes = Array.from({ length: depth }, (_, index) => ({
      k: 'array',
      items: [[(index + 1) % depth]],
    }));
    expect(make({ nodes, roots: [[0]] })).toHaveLength(1);
    const registered = nodes.map((_, index) => ({
      k: 'registered',
      type: 'Pair',
      data: index + 1 < depth ? [index + 1] : 1,
    }));
    expect(make({ nodes: registered, roots: [[0]] })).toHaveProperty('pair.pair.pair');
  });
});
