/** What nobody awaits is told once, as Node tells it of any promise; what somebody looked at is not. */
import { expect, test } from 'vitest';
import { startProgram } from '../../helpers/life-programs.ts';

test.for<[how: string, ...told: string[]]>([
  ['a task', 'RangeError'],
  ['what was derived from a task', 'RangeError'],
  ['two derived from one', 'RangeError', 'RangeError'],
  ['a task that was awaited late'],
  ['a task whose progress was read', 'RangeError'],
  ['a task that was refused', 'NotSerializableError'],
  ['a cancelled task'],
  ['a cancelled task that ran'],
  ['what was derived from a cancelled task', 'AbortError'],
  ['a task that had failed before it was cancelled', 'RangeError'],
  ['a task whose signal aborted', 'AbortError'],
  ['tasks that were waited for'],
  ['what wait() left pending'],
  ['a loop over asCompleted() that was left'],
  ['a map that was left'],
  ['a stream that nobody read'],
  ['tasks of a pool that closed', 'PoolClosedError', 'PoolClosedError'],
])('unhandled rejections of %s', async ([how, ...told]) => {
  const program = startProgram('forgets.mjs', how);
  expect(await program.nextLine()).toEqual(told);
  expect(await program.ended).toBe(0);
});

test('a callback that throws harms no task, no other callback and no pool', async () => {
  const program = startProgram('throws-in-callbacks.mjs');
  expect(await program.nextLine()).toEqual({
    outcomes: [3, 7, 'retries.on', 'twice', 11],
    counts: {
      workerStarted: 1,
      workerReady: 1,
      taskStarted: 6,
      taskSettled: 5,
      taskRetried: 1,
      onProgress: 2,
      stateChanged: 2,
    },
    unhandled: Array.from({ length: 6 }, () => 'asynchronous listener'),
    later: 16,
    state: 'closed',
  });
  expect(await program.ended).toBe(0);
});
