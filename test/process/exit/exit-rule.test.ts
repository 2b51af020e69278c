/** What becomes of tasks when a program ends: each row of the table in the guide to shutting down. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';

const isLinux = process.platform === 'linux';

test.for<[how: string, then: readonly unknown[], ended: number]>([
  ['end of the program', [{ settled: 'value' }], 0],
  ['end with an exit code', [{ settled: 'value' }], 5],
  ['close under way', [{ settled: 'value' }, 'closed'], 0],
  ['beforeExit', [{ settled: 'value' }, { beforeExit: 1 }, { submitted: 3 }, { beforeExit: 2 }], 0],
])('%s: a task that is not settled keeps the program alive', async ([how, then, ended]) => {
  const gate = join(openFolder(), 'gate');
  const program = startProgram('ends.mjs', how, gate);
  const workers = await program.nextLine<number[]>();
  writeFileSync(gate, '');
  for (const line of then) expect(await program.nextLine()).toEqual(line);
  expect(await program.ended).toBe(ended);
  if (isLinux) expect(await survivorsOf(workers)).toEqual([]);
});

test('idle pool: it ends at once, and its workers with it', async () => {
  const program = startProgram('ends.mjs', 'idle pool');
  const workers = await program.nextLine<number[]>();
  expect(await program.ended).toBe(0);
  if (isLinux) expect(await survivorsOf(workers)).toEqual([]);
});

test.for<[how: string, then: readonly unknown[], ended: number, says: string]>([
  ['process.exit()', [{ state: 'running' }], 3, ''],
  ['uncaught exception', [], 1, 'TypeError: nobody catches this'],
  ['unhandled rejection of a task', [], 1, 'ERR_TROUPE_NOT_SERIALIZABLE'],
])('%s: nothing settles any more, and the workers are killed', async ([how, then, ended, says]) => {
  const program = startProgram('ends.mjs', how);
  const workers = await program.nextLine<number[]>();
  for (const line of then) expect(await program.nextLine()).toEqual(line);
  expect(await program.ended).toBe(ended);
  await expect(program.nextLine()).rejects.toThrow('The program ended');
  expect(await program.stderr).toContain(says);
  expect(workers).toHaveLength(1);
  if (isLinux) expect(await survivorsOf(workers)).toEqual([]);
});

test.for<[how: string, code: number]>([
  ['a thread that is terminated', 1],
  ['a thread that exits', 4],
])('%s: the workers of its pool are killed, and the program goes on', async ([how, code]) => {
  const program = startProgram('ends.mjs', how);
  const workers = await program.nextLine<number[]>();
  expect(await program.nextLine()).toEqual({ thread: code });
  expect(await program.ended).toBe(0);
  expect(workers).toHaveLength(1);
  if (isLinux) expect(await survivorsOf(workers)).toEqual([]);
});
