/** Nothing a task held outlives its promise: not in the parent, though the Task is kept, nor in the child. */
import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/life-programs.ts';

type Report = Readonly<Record<string, readonly string[]>>;

const minuteMs = 60_000;

test('in the parent, however the task settled', { timeout: 2 * minuteMs }, async () => {
  const program = startProgram('../memory/parent.mjs');
  const { report, kept } = await program.nextLine<{ report: Report; kept: number }>();
  const { control, ...ways } = report;
  expect(control).toEqual(['kept on purpose']);
  expect(Object.keys(ways)).toHaveLength(19);
  for (const [how, left] of Object.entries(ways)) expect(left, how).toEqual([]);
  expect(kept).toBe(14);
});

test('in the worker, however the task settled', { timeout: 2 * minuteMs }, async () => {
  const program = startProgram('../memory/child.mjs');
  const { control, ...ways } = await program.nextLine<Report>();
  expect(control).toEqual(['kept on purpose: argument']);
  expect(Object.keys(ways)).toHaveLength(10);
  for (const [how, left] of Object.entries(ways)) expect(left, how).toEqual([]);
});
