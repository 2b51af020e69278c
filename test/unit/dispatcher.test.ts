/** Which waiting task goes to which worker: one example per rule. */
import { describe, expect, test } from 'vitest';
import { Dispatcher, type WaitingTask, windowMax } from '../../machines/dispatcher.ts';
import { drain, long, short, unknown, waitingTask } from '../helpers/dispatching.ts';

/** One that knows how long two kinds take: 100 µs and a second. */
function experienced(concurrency = 1): Dispatcher {
  const dispatcher = new Dispatcher(concurrency);
  dispatcher.noteDuration(short, 100);
  dispatcher.noteDuration(long, 1_000_000);
  return dispatcher;
}

const shortTask = (taskId: number): WaitingTask => waitingTask(taskId, 0, null, short);

describe('order', () => {
  test('is first come first served, and priority before that', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.enqueue(waitingTask(1), false);
    dispatcher.enqueue(waitingTask(2, 5), false);
    dispatcher.enqueue(waitingTask(3, -1), false);
    dispatcher.enqueue(waitingTask(4, 5), false);
    const order: number[] = [];
    dispatcher.offer(9);
    for (let match = dispatcher.next(); match !== undefined; match = dispatcher.next()) {
      order.push(match.taskId);
      dispatcher.free(9, match.taskId);
    }
    expect(order).toEqual([2, 4, 1, 3]);
  });

  test('what comes back goes to the front of its priority', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(9);
    dispatcher.enqueue(waitingTask(1), false);
    dispatcher.enqueue(waitingTask(2), false);
    expect(drain(dispatcher)).toEqual([{ taskId: 1, workerId: 9 }]);
    dispatcher.free(9, 1);
    dispatcher.enqueue(waitingTask(1), true);
    expect(drain(dispatcher)).toEqual([{ taskId: 1, workerId: 9 }]);
  });

  test('a task that left the queue is never handed over', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.enqueue(waitingTask(1), false);
    dispatcher.enqueue(waitingTask(2), false);
    dispatcher.dequeue(1);
    expect(dispatcher.waiting).toBe(1);
    dispatcher.offer(9);
    expect(drain(dispatcher)).toEqual([{ taskId: 2, workerId: 9 }]);
  });
});

describe('workers', () => {
  test('an idle one is preferred to one that has room', () => {
    const dispatcher = experienced();
    dispatcher.offer(1);
    dispatcher.enqueue(shortTask(1), false);
    drain(dispatcher);
    dispatcher.offer(2);
    dispatcher.enqueue(shortTask(2), false);
    expect(drain(dispatcher)).toEqual([{ taskId: 2, workerId: 2 }]);
  });

  test('whoever has a free slot is handed a task before one that would have to let it wait', () => {
    const dispatcher = new Dispatcher(2);
    dispatcher.noteDuration(short, 10);
    dispatcher.offer(1);
    for (const taskId of [1, 2, 3]) dispatcher.enqueue(shortTask(taskId), false);
    drain(dispatcher);
    dispatcher.offer(2);
    for (const taskId of [4, 5]) dispatcher.enqueue(shortTask(taskId), false);
    expect(drain(dispatcher).map(({ workerId }) => workerId)).toEqual([2, 2]);
  });

  test('none holds more than what should start within two milliseconds', () => {
    const dispatcher = experienced();
    dispatcher.offer(1);
    for (let taskId = 1; taskId <= 100; taskId += 1) dispatcher.enqueue(shortTask(taskId), false);
    expect(drain(dispatcher)).toHaveLength(20);
  });

  test('nor more than the window, however short its tasks', () => {
    const dispatcher = new Dispatcher(2);
    dispatcher.noteDuration(short, 0);
    dispatcher.offer(1);
    for (let taskId = 1; taskId <= 200; taskId += 1) dispatcher.enqueue(shortTask(taskId), false);
    expect(drain(dispatcher)).toHaveLength(2 + windowMax);
  });

  test('nor more than 16 MB, however short its tasks, but for the one that it starts', () => {
    const handed = (bytes: number): number => {
      const dispatcher = experienced();
      dispatcher.offer(1);
      for (let taskId = 1; taskId <= 100; taskId += 1)
        dispatcher.enqueue({ ...shortTask(taskId), bytes }, false);
      return drain(dispatcher).length;
    };
    expect(handed(0)).toBe(20);
    expect(handed(1_000_000)).toBe(8);
    expect(handed(10_000_000)).toBe(1);
    expect(handed(2_000_000_000)).toBe(1);
  });

  test('nothing is handed over behind a task that is long or of unknown length', () => {
    for (const kind of [long, unknown]) {
      const dispatcher = experienced();
      dispatcher.offer(1);
      dispatcher.enqueue(waitingTask(1, 0, null, kind), false);
      dispatcher.enqueue(shortTask(2), false);
      expect(drain(dispatcher)).toEqual([{ taskId: 1, workerId: 1 }]);
    }
  });

  test('nor is such a task handed over ahead of its start', () => {
    for (const kind of [long, unknown]) {
      const dispatcher = experienced();
      dispatcher.offer(1);
      dispatcher.enqueue(shortTask(1), false);
      dispatcher.enqueue(waitingTask(2, 0, null, kind), false);
      dispatcher.enqueue(shortTask(3), false);
      expect(drain(dispatcher)).toEqual([{ taskId: 1, workerId: 1 }]);
    }
  });

  test('one slow task is enough to take its kind for long', () => {
    const dispatcher = experienced();
    dispatcher.noteDuration(short, 50_000);
    dispatcher.offer(1);
    for (const taskId of [1, 2]) dispatcher.enqueue(shortTask(taskId), false);
    expect(drain(dispatcher)).toHaveLength(1);
  });

  test('a busy one is refilled in lots, when half of its time has been used up', () => {
    const dispatcher = experienced();
    dispatcher.offer(1);
    for (let taskId = 1; taskId <= 100; taskId += 1) dispatcher.enqueue(shortTask(taskId), false);
    expect(drain(dispatcher)).toHaveLength(20);
    for (let taskId = 1; taskId <= 9; taskId += 1) {
      dispatcher.free(1, taskId);
      expect(drain(dispatcher)).toHaveLength(0);
    }
    dispatcher.free(1, 10);
    expect(drain(dispatcher)).toHaveLength(10);
  });

  test('work is uneven when one is free and another holds what it has not started', () => {
    const dispatcher = experienced();
    dispatcher.offer(1);
    for (const taskId of [1, 2]) dispatcher.enqueue(shortTask(taskId), false);
    drain(dispatcher);
    expect(dispatcher.isUneven).toBe(false);
    dispatcher.offer(2);
    expect(dispatcher.isUneven).toBe(true);
    dispatcher.free(1, 2);
    expect(dispatcher.isUneven).toBe(false);
  });

  test('a withdrawn one gets nothing', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(1);
    dispatcher.withdraw(1);
    dispatcher.enqueue(waitingTask(1), false);
    expect(drain(dispatcher)).toEqual([]);
    expect(dispatcher.demand).toBe(1);
  });
});

describe('keys', () => {
  test('stay with the worker that had them first, in order, and ask for no other worker', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(1);
    dispatcher.enqueue(waitingTask(1, 0, 'a'), false);
    expect(drain(dispatcher)).toEqual([{ taskId: 1, workerId: 1 }]);
    dispatcher.offer(2);
    dispatcher.enqueue(waitingTask(2, 0, 'a'), false);
    dispatcher.enqueue(waitingTask(3, 0, 'a'), false);
    expect(drain(dispatcher)).toEqual([]);
    expect(dispatcher.demand).toBe(0);
    dispatcher.free(1, 1);
    expect(drain(dispatcher)).toEqual([{ taskId: 2, workerId: 1 }]);
    dispatcher.free(1, 2);
    expect(drain(dispatcher)).toEqual([{ taskId: 3, workerId: 1 }]);
  });

  test('move on, in order, when their worker leaves', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(1);
    for (const taskId of [1, 2, 3]) dispatcher.enqueue(waitingTask(taskId, 0, 'a'), false);
    drain(dispatcher);
    dispatcher.withdraw(1);
    dispatcher.enqueue(waitingTask(1, 0, 'a'), true);
    dispatcher.offer(2);
    const order: number[] = [];
    for (let match = dispatcher.next(); match !== undefined; match = dispatcher.next()) {
      order.push(match.taskId);
      dispatcher.free(2, match.taskId);
    }
    expect(order).toEqual([1, 2, 3]);
  });

  test('do not hold back others behind them', () => {
    const dispatcher = new Dispatcher(1);
    dispatcher.offer(1);
    dispatcher.enqueue(waitingTask(1, 0, 'a'), false);
    drain(dispatcher);
    dispatcher.enqueue(waitingTask(2, 0, 'a'), false);
    dispatcher.enqueue(waitingTask(3), false);
    dispatcher.offer(2);
    expect(drain(dispatcher)).toEqual([{ taskId: 3, workerId: 2 }]);
  });
});
