import { describe, expect, test } from 'vitest';
import { ItemSource } from '../../src/api/item-source.ts';

const always = (): boolean => true;

describe('ItemSource', () => {
  test('knows how many are left of what has a size', () => {
    const numbers = [1, 2, 3];
    for (const iterable of [
      numbers,
      new Set(numbers),
      new Map([
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
      new Int8Array(3),
    ]) {
      const source = new ItemSource(iterable);
      expect(source.left).toBe(3);
      void source.read([], 2, always);
      expect(source.left).toBe(1);
    }
    expect(new ItemSource(numbers.values()).left).toBe(Infinity);
    expect(new ItemSource('text').left).toBe(Infinity);
  });

  test('reads what is synchronous at once, as far as it is told', () => {
    const source = new ItemSource([1, 2, 3]);
    const items: unknown[] = [];
    expect(source.read(items, 2, always)).toBe(false);
    expect(items).toEqual([1, 2]);
    expect(source.read(items, 9, always)).toBe(true);
    expect(items).toEqual([1, 2, 3]);
  });

  test('reads an array as its iterator does: what is added is read, what is missing is undefined', () => {
    const array: unknown[] = [1, 2];
    const source = new ItemSource(array);
    const items: unknown[] = [];
    expect(source.read(items, 2, always)).toBe(false);
    array.length = 5;
    array[4] = 5;
    expect(source.left).toBe(3);
    expect(source.read(items, 3, always)).toBe(false);
    expect(items).toStrictEqual([1, 2, undefined, undefined, 5]);
    array.length = 1;
    expect(source.read(items, 3, always)).toBe(true);
    expect(items).toHaveLength(5);
  });

  test('reads a string letter by letter', () => {
    const items: unknown[] = [];
    expect(new ItemSource('añ😀').read(items, 9, always)).toBe(true);
    expect(items).toEqual(['a', 'ñ', '😀']);
  });

  test('reads an array with an iterator of its own by that', () => {
    const array = Object.assign([1, 2, 3], { [Symbol.iterator]: () => [7, 8].values() });
    const items: unknown[] = [];
    expect(new ItemSource(array).read(items, 3, always)).toBe(true);
    expect(items).toEqual([7, 8]);
  });

  test('does not wait for promises that are items', () => {
    const item = Promise.resolve(1);
    const items: unknown[] = [];
    expect(new ItemSource([item]).read(items, 1, always)).toBe(false);
    expect(items[0]).toBe(item);
  });

  test('waits for what is asynchronous, as long as it is wanted', async () => {
    async function* numbers(): AsyncGenerator<number> {
      for (let number = 1; ; number += 1) yield number;
    }
    const items: unknown[] = [];
    expect(await new ItemSource(numbers()).read(items, 9, () => items.length < 3)).toBe(false);
    expect(items).toEqual([1, 2, 3]);
  });

  test('takes steps that an asynchronous source gives without a promise', async () => {
    const steps = [{ value: 1 }, { value: 2, done: false }, { value: undefined, done: true }];
    const odd = { [Symbol.asyncIterator]: () => ({ next: () => steps.shift() }) };
    const items: unknown[] = [];
    expect(await new ItemSource(odd as unknown as AsyncIterable<unknown>).read(items, 9, always)).toBe(true);
    expect(items).toEqual([1, 2]);
  });

  test('is opened with the first item, and left only if it was', () => {
    const log: string[] = [];
    const iterable: Iterable<number> = {
      [Symbol.iterator]() {
        log.push('opened');
        return { next: () => ({ value: 1 }), return: () => (log.push('left'), { value: 0, done: true }) };
      },
    };
    const source = new ItemSource(iterable);
    source.leave();
    expect(log).toEqual([]);
    void source.read([], 1, always);
    void source.read([], 1, always);
    source.leave();
    expect(log).toEqual(['opened', 'left']);
  });

  test('throws for what gives no iterator', () => {
    for (const symbol of [Symbol.iterator, Symbol.asyncIterator]) {
      const odd = { [symbol]: () => null } as unknown as Iterable<unknown>;
      expect(() => new ItemSource(odd).read([], 1, always)).toThrow(TypeError);
    }
  });

  test('keeps what there was before it threw', () => {
    function* numbers(): Generator<number> {
      yield 1;
      throw new RangeError('broken');
    }
    const items: unknown[] = [];
    expect(() => new ItemSource(numbers()).read(items, 2, always)).toThrow('broken');
    expect(items).toEqual([1]);
  });
});
