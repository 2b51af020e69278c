/** The arithmetic behind the performance page, and that nobody edited the numbers on it. */
import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderPage } from '../bench/page.mjs';
import { median, pairedRatios, quantile, rotate, spread } from '../bench/statistics.mjs';

const numbers = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });

describe('quantile', () => {
  test('the median is the middle value, or the mean of the two in the middle', () => {
    expect(median([3])).toBe(3);
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  test('interpolates between neighbours', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.99)).toBeCloseTo(49.6);
  });

  test('sorts by value, not by spelling, and leaves its argument alone', () => {
    const values = [100, 20, 3];
    expect(median(values)).toBe(20);
    expect(values).toEqual([100, 20, 3]);
  });

  test('refuses to invent a value', () => {
    expect(() => median([])).toThrow(RangeError);
  });

  test('0 and 1 are the least and the greatest, and more share never means less', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        // `+ 0` makes -0, of which a sort takes no notice, 0.
        expect(quantile(values, 0) + 0).toBe(Math.min(...values) + 0);
        expect(quantile(values, 1) + 0).toBe(Math.max(...values) + 0);
        expect(quantile(values, q)).toBeLessThanOrEqual(quantile(values, 1));
      }),
    );
  });
});

describe('spread', () => {
  test('is median, least and greatest', () => {
    expect(spread([5, 1, 3])).toEqual({ median: 3, min: 1, max: 5 });
  });

  test('of nothing is nothing', () => {
    expect(spread([])).toBeUndefined();
  });
});

describe('pairedRatios', () => {
  test('divides within a round', () => {
    expect(pairedRatios([10, 40], [20, 10])).toEqual([0.5, 4]);
  });

  test('leaves out rounds in which either side failed', () => {
    expect(pairedRatios([10, undefined, 30], [20, 10, undefined])).toEqual([0.5]);
    expect(pairedRatios([10, 20], [20])).toEqual([0.5]);
  });

  test('never divides by nothing', () => {
    expect(pairedRatios([10], [0])).toEqual([]);
  });

  test('a slow round slows both sides and changes nothing', () => {
    const slowdowns = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(slowdowns, (slowness) => {
        const subject = slowness.map((factor) => 3 * factor);
        const peer = slowness.map((factor) => 4 * factor);
        for (const ratio of pairedRatios(subject, peer)) expect(ratio).toBeCloseTo(0.75);
      }),
    );
  });
});

describe('rotate', () => {
  test('starts each round with the next element and comes round again', () => {
    expect([0, 1, 2, 3].map((round) => rotate(['a', 'b', 'c'], round).join(''))).toEqual([
      'abc',
      'bca',
      'cab',
      'abc',
    ]);
    expect(rotate([], 2)).toEqual([]);
  });
});

const dataFile = new URL('../bench/results/latest.json', import.meta.url);
const pageFile = new URL('../../docs/reference/performance.md', import.meta.url);

test.runIf(existsSync(dataFile))('the page is what its data says, word for word', () => {
  const report: unknown = JSON.parse(readFileSync(dataFile, 'utf8'));
  expect(readFileSync(pageFile, 'utf8')).toBe(renderPage(report));
});
