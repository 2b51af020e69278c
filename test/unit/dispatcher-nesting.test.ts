/** Tasks that wait for others hold no slot, and what they wait for goes first. */
import { describe, expect, test } from 'vitest';
import { Dispatcher, type WaitingTask } from '../../machines/dispatcher.ts';
import { drain, waitingTask } from '../helpers/dispatching.ts';

const worker = 9;
const nested = (taskId: number, level: number, priority = 0): WaitingTask => ({
  ...waitingTask(taskId, priority),
  level,
});
const taken = (dispatcher: Dispatcher): number[] => drain(dispatcher).map(({ taskId }) => taskId);

/** Every task as soon as the one before it is over. */
function order(dispatcher: Dispatcher): number[] {
  const all: number[] = [];
  for (let match = dispatcher.next(); match !== undefined; match = dispatcher.next()) {
    all.push(match.taskId);
    dispatcher.free(match.workerId, match.taskId);
  }
  return all;
}

describe('what a task waits for', () => {
  test('goes before all that nobody waits for, the deeper the sooner, and then by priority', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.enqueue(waitingTask(1, 10), false);
    dispatcher.enqueue(nested(2, 1), false);
    dispatcher.enqueue(nested(3, 2, -5), false);
    dispatcher.enqueue(nested(4, 1, 3), false);
    dispatcher.enqueue(nested(5, 2, -5), false);
    dispatcher.enqueue(nested(6, 2, -5), true);
    dispatcher.offer(worker);
    expect(order(dispatcher)).toEqual([6, 3, 5, 4, 2, 1]);
    // And so again: the levels that were empty are not in the way.
    dispatcher.enqueue(waitingTask(7), false);
    dispatcher.enqueue(nested(8, 1), false);
    expect(order(dispatcher)).toEqual([8, 7]);
  });

  test('goes before tasks of a key that belong to the worker', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(worker);
    dispatcher.enqueue(waitingTask(1, 0, 'a'), false);
    expect(taken(dispatcher)).toEqual([1]);
    dispatcher.enqueue(waitingTask(2, 5, 'a'), false);
    dispatcher.enqueue({ ...waitingTask(3, 0, 'a'), level: 1 }, false);
    dispatcher.enqueue(nested(4, 2), false);
    dispatcher.park(worker, 1);
    expect(taken(dispatcher)).toEqual([4]);
    dispatcher.free(worker, 4);
    expect(taken(dispatcher)).toEqual([3]);
  });
});

describe('a task that waits', () => {
  test('leaves its slot to another, and takes it back when it goes on', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(worker);
    dispatcher.enqueue(waitingTask(1), false);
    dispatcher.enqueue(waitingTask(2), false);
    dispatcher.enqueue(waitingTask(3), false);
    expect(taken(dispatcher)).toEqual([1]);
    dispatcher.park(worker, 1);
    expect(taken(dispatcher)).toEqual([2]);
    dispatcher.resume(worker, 1);
    // Two hold a slot now that there is one of: the next waits for both.
    dispatcher.free(worker, 2);
    expect(taken(dispatcher)).toEqual([]);
    dispatcher.free(worker, 1);
    expect(taken(dispatcher)).toEqual([3]);
  });

  test('ends without having gone on', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(worker);
    dispatcher.enqueue(waitingTask(1), false);
    expect(taken(dispatcher)).toEqual([1]);
    dispatcher.park(worker, 1);
    expect(dispatcher.idle).toBe(0);
    dispatcher.free(worker, 1);
    expect(dispatcher.idle).toBe(1);
    dispatcher.resume(worker, 1);
    expect(dispatcher.idle).toBe(1);
  });

  test('makes its worker no idle one, nor one to let go of first', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(worker);
    dispatcher.enqueue(waitingTask(1), false);
    expect(taken(dispatcher)).toEqual([1]);
    dispatcher.park(worker, 1);
    dispatcher.offer(10);
    expect(dispatcher.idle).toBe(1);
    expect(dispatcher.leastBusy(2)).toEqual([10, worker]);
    dispatcher.enqueue(waitingTask(2), false);
    expect(drain(dispatcher)).toEqual([{ taskId: 2, workerId: 10 }]);
  });

  test('is nothing to a worker that has left', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(worker);
    dispatcher.enqueue(waitingTask(1), false);
    expect(taken(dispatcher)).toEqual([1]);
    dispatcher.withdraw(worker);
    dispatcher.park(worker, 1);
    dispatcher.resume(worker, 1);
    dispatcher.free(worker, 1);
    expect(dispatcher.next()).toBeUndefined();
  });
});

describe('a worker in which eight tasks wait, for each that it may run at a time,', () => {
  const sated = (concurrency: number): Dispatcher => {
    const dispatcher = new Dispatcher(concurrency);
    dispatcher.offer(worker);
    for (let taskId = 1; taskId <= 8 * concurrency; taskId += 1) {
      dispatcher.enqueue(waitingTask(taskId), false);
      expect(taken(dispatcher)).toEqual([taskId]);
      dispatcher.park(worker, taskId);
    }
    return dispatcher;
  };

  test.each([1, 3])('starts only what tasks wait for (%i at a time)', (concurrency) => {
    const dispatcher = sated(concurrency);
    dispatcher.enqueue(waitingTask(100, 99), false);
    expect(taken(dispatcher)).toEqual([]);
    dispatcher.enqueue(nested(101, 1), false);
    expect(taken(dispatcher)).toEqual([101]);
    dispatcher.free(worker, 101);
    expect(taken(dispatcher)).toEqual([]);
    dispatcher.free(worker, 3);
    expect(taken(dispatcher)).toEqual([100]);
  });

  test('is no reason to take anything back from another', () => {
    const dispatcher = sated(1);
    dispatcher.noteDuration(0, 10);
    dispatcher.offer(10);
    for (const taskId of [21, 22, 23]) dispatcher.enqueue({ ...waitingTask(taskId), kind: 0 }, false);
    expect(drain(dispatcher).every(({ workerId }) => workerId === 10)).toBe(true);
    expect(dispatcher.isUneven).toBe(false);
  });
});
