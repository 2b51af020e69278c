/** What is troupe's own is in every worker already: it goes by its name, or not at all. */
import { createPool } from '../../../src/api/executor.ts';
import { expect, test } from 'vitest';
import { cpuCount } from '../../../src/api/cpu-count.ts';
import { currentTask } from '../../../src/api/current-task.ts';
import { capture } from '../../../src/codec/closure/capture/capture.ts';
import { isOwnFile } from '../../../src/codec/closure/own-files.ts';
import { Capturing } from '../../../src/codec/closure/capture/capturing.ts';

const sourceUrl = (file: string): string => new URL(`../../../src/${file}`, import.meta.url).href;

test.each([
  ['a function', cpuCount, 'api/cpu-count.ts', 'cpuCount'],
  ['a function with state', currentTask, 'api/current-task.ts', 'currentTask'],
])('%s goes by its name', (_, fn, file, name) => {
  const { graph, units } = capture([fn], { roots: ['it'] });
  expect(units).toEqual([]);
  expect(graph.nodes).toMatchObject([{ k: 'module', specifier: sourceUrl(file), name }]);
});

test('the same, captured', () => {
  const { graph, units } = capture([() => cpuCount()], { roots: ['it'] });
  expect(units).toHaveLength(1);
  expect(JSON.stringify(graph)).toContain(sourceUrl('api/cpu-count.ts'));
});

test('objects do not go', () => {
  const capturing = new Capturing({ roots: [] });
  expect(() => capture([() => capturing], { roots: ['it'] })).toThrow(
    /^it → capturing.* an object of troupe itself \(`Capturing`\)/u,
  );
});

test('functions without a name to go by do not go', async () => {
  const pool = createPool({ maxWorkers: 1 });
  const { submit } = pool;
  expect(() => capture([() => submit], { roots: ['it'] })).toThrow(/troupe itself/u);
  await pool.terminate();
});

test('the command line is a program like any other', () => {
  expect(isOwnFile(sourceUrl('api/cpu-count.ts'))).toBe(true);
  expect(isOwnFile(sourceUrl('cli/demo-work.ts'))).toBe(false);
  expect(isOwnFile(import.meta.url)).toBe(false);
});
