/** When a channel counts as read: after a look in which nothing came, or after as many as are allowed. */
import { expect, test } from 'vitest';
import { whenEmptied } from '../../src/parent/when-emptied.ts';

/** How many looks it takes, if as many bytes as the list says have come at each. */
function looksFor(received: readonly number[], looksMax: number): number {
  const waiting: (() => void)[] = [];
  let looks = 0;
  let isEmptied = false;
  whenEmptied(
    () => received[Math.min(looks, received.length) - 1] ?? 0,
    (callback) => waiting.push(callback),
    looksMax,
    () => (isEmptied = true),
  );
  for (let look = waiting.shift(); look !== undefined; look = waiting.shift()) {
    looks += 1;
    look();
  }
  expect(isEmptied).toBe(true);
  return looks;
}

test('a channel is read when a look finds as much as the one before', () => {
  expect(looksFor([0, 0], Infinity)).toBe(2);
  expect(looksFor([10, 20, 30, 30], Infinity)).toBe(4);
});

test('one that never pauses is read for a limited time', () => {
  const flood = Array.from({ length: 1_000 }, (_, at) => at);
  expect(looksFor(flood, 100)).toBe(101);
  expect(looksFor(flood, Infinity)).toBe(1_001);
});
