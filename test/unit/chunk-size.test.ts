import { describe, expect, test } from 'vitest';
import { AutomaticSize, type EndedChunk, FixedSize } from '../../src/api/chunk-size.ts';

const slots = 2;

function ended(items: number, workMs: number, more: Partial<EndedChunk> = {}): EndedChunk {
  return { items, workMs, tookMs: workMs, underWay: 1, slots, ...more };
}

/** Sizes of the chunks of an endless source, when an item takes so long, and one chunk is under way. */
function sizesOf(count: number, msOf: (chunk: number) => number, bytesEach = 1): number[] {
  const size = new AutomaticSize();
  return Array.from({ length: count }, (_, chunk) => {
    const items = size.next(Infinity, slots);
    size.noteBytes(items, items * bytesEach);
    size.noteEnded(ended(items, items * msOf(chunk)));
    return items;
  });
}

describe('the size of a chunk', () => {
  test('begins with one item, and grows step by step to what takes 20 ms', () => {
    expect(sizesOf(5, () => 0.01)).toEqual([1, 8, 64, 512, 2_000]);
    expect(sizesOf(4, () => 5)).toEqual([1, 4, 4, 4]);
    expect(sizesOf(3, () => 500)).toEqual([1, 1, 1]);
  });

  test('is 10,000 items at most', () => {
    expect(sizesOf(8, () => 0).at(-1)).toBe(10_000);
  });

  test('is 128 KiB of arguments at most, and one item that is larger', () => {
    expect(sizesOf(8, () => 0, 1_024).at(-1)).toBe(128);
    expect(sizesOf(8, () => 0, 1_000_000).at(-1)).toBe(1);
  });

  test('shrinks at once when items become slow, and grows again', () => {
    const sizes = sizesOf(12, (chunk) => (chunk < 5 ? 0.01 : chunk < 7 ? 20 : 1));
    // The sixth is sized for quick ones, and slow.
    expect(sizes.slice(4, 8)).toEqual([2_000, 2_000, 1, 1]);
    expect(sizes.slice(8)).toEqual([8, 20, 20, 20]);
  });

  test('is not lowered by a chunk of before that was small and quick', () => {
    const size = new AutomaticSize();
    for (const items of [1, 8, 64]) size.noteEnded(ended(items, items * 0.01));
    size.noteEnded(ended(1, 0.01));
    expect(size.next(Infinity, slots)).toBe(512);
  });

  test('takes time in the queue for the time of those before it', () => {
    const size = new AutomaticSize();
    for (const items of [1, 8, 20]) size.noteEnded(ended(items, items));
    size.noteEnded(ended(20, 20, { tookMs: 80, underWay: 8 }));
    expect(size.next(Infinity, slots)).toBe(20);
  });

  test('counts the way of results that are slow to send', () => {
    const size = new AutomaticSize();
    size.noteEnded(ended(1, 0));
    size.noteEnded(ended(8, 0.01, { tookMs: 160, underWay: 8 }));
    expect(size.next(Infinity, slots)).toBe(4);
  });
});

describe('chunks under way', () => {
  test('are few as long as they are smaller than they will be', () => {
    const size = new AutomaticSize();
    expect(size.mostUnderWay(8, slots)).toBe(4);
    for (const items of [1, 8, 64]) size.noteEnded(ended(items, items * 0.01));
    expect(size.mostUnderWay(8, slots)).toBe(4);
    for (const items of [512, 2_000]) size.noteEnded(ended(items, items * 0.01));
    expect(size.mostUnderWay(8, slots)).toBe(8);
  });

  test('are as many as were asked for once an item is known to be slow, and never more', () => {
    const size = new AutomaticSize();
    expect(size.mostUnderWay(3, slots)).toBe(3);
    size.noteEnded(ended(1, 20));
    expect(size.mostUnderWay(8, slots)).toBe(8);
    expect(size.mostUnderWay(Infinity, slots)).toBe(Infinity);
  });

  test('are as many as were asked for when a chunk can hold no more items', () => {
    const size = new AutomaticSize();
    for (let items = 1; items < 10_000; items = size.next(Infinity, slots)) size.noteEnded(ended(items, 0));
    expect(size.mostUnderWay(8, slots)).toBe(8);
    size.noteEnded(ended(1_000, 0));
    expect(size.mostUnderWay(8, slots)).toBe(8);
  });

  test('are as many as were asked for when items are large', () => {
    const size = new AutomaticSize();
    size.noteBytes(1, 200_000);
    size.noteEnded(ended(1, 0));
    expect(size.mostUnderWay(8, slots)).toBe(8);
  });

  test('of a size that was asked for are as many as were asked for', () => {
    const size = new FixedSize(3);
    size.noteBytes();
    size.noteEnded();
    expect(size.next()).toBe(3);
    expect(size.mostUnderWay(8)).toBe(8);
  });
});

describe('towards the end of a source whose size is known', () => {
  /** All chunks of so many items, once their pace is known. */
  function chunksOf(items: number, msEach: number): number[] {
    const size = new AutomaticSize();
    for (let ran = 0; ran < 6; ran += 1) {
      const next = size.next(Infinity, slots);
      size.noteEnded(ended(next, next * msEach));
    }
    const chunks: number[] = [];
    for (let left = items; left > 0; left -= chunks.at(-1) ?? left)
      chunks.push(Math.min(left, size.next(left, slots)));
    return chunks;
  }

  test('chunks shrink, so that all workers end together', () => {
    const chunks = chunksOf(1_000, 1);
    expect(chunks[0]).toBe(20);
    expect(chunks.at(-1)).toBeLessThanOrEqual(3);
    expect(chunks).toEqual(chunks.toSorted((one, other) => other - one));
    expect(chunks.reduce((sum, items) => sum + items, 0)).toBe(1_000);
  });

  test('but not so far that there are many', () => {
    const chunks = chunksOf(30_000, 0.001);
    expect(Math.min(...chunks.slice(0, -1))).toBeGreaterThanOrEqual(1_250);
    expect(chunks.length).toBeLessThan(16);
  });

  test('a few items are shared by all workers', () => {
    expect(chunksOf(4, 0.001).length).toBe(1);
    expect(chunksOf(8, 2).length).toBeGreaterThanOrEqual(4);
  });

  test('there is always one, also of a source that says it has none', () => {
    expect(new AutomaticSize().next(0, slots)).toBe(1);
    expect(new AutomaticSize().next(-5, slots)).toBe(1);
  });
});
