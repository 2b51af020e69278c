import { expect, test } from 'vitest';
import { Pace, windowMax } from '../../src/parent/pace.ts';

test('nothing is handed over ahead before a duration is known', () => {
  expect(new Pace().window).toBe(0);
});

test('short tasks fill the window, and it has a limit', () => {
  const pace = new Pace();
  pace.note(1);
  expect(pace.window).toBe(windowMax);
  pace.note(0);
  expect(pace.window).toBe(windowMax);
});

test('one long task closes it at once, short ones open it again', () => {
  const pace = new Pace();
  pace.note(10);
  pace.note(50_000);
  expect(pace.window).toBe(0);
  for (let count = 0; count < 100; count += 1) pace.note(10);
  expect(pace.window).toBeGreaterThan(10);
});
