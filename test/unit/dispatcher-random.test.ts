/** The dispatcher under any sequence of moves, against a plain account of who waits and who holds what. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Dispatcher, windowMax } from '../../machines/dispatcher.ts';
import { drain, short, unknown, waitingTask } from '../helpers/dispatching.ts';

type Move =
  | { readonly kind: 'enqueue'; readonly priority: number; readonly key: string | null }
  | { readonly kind: 'dequeue' | 'free' | 'withdraw'; readonly pick: number }
  | { readonly kind: 'offer' }
  | { readonly kind: 'learn'; readonly micros: number };

const moves = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('enqueue' as const),
      priority: fc.integer({ min: -1, max: 1 }),
      key: fc.option(fc.constantFrom('a', 'b'), { nil: null }),
    }),
    fc.record({
      kind: fc.constantFrom('dequeue' as const, 'free' as const, 'withdraw' as const),
      pick: fc.nat(),
    }),
    fc.record({ kind: fc.constant('offer' as const) }),
    fc.record({ kind: fc.constant('learn' as const), micros: fc.constantFrom(10, 900, 5_000) }),
  ),
  { maxLength: 80, size: 'max' },
);

describe('whatever happens', () => {
  test('a task is handed over at most once, none is forgotten, no free worker idles beside one', () => {
    fc.assert(
      fc.property(moves, (script) => {
        const concurrency = 2;
        const dispatcher = new Dispatcher(concurrency);
        const waiting = new Map<number, string | null>();
        const held = new Map<number, number[]>();
        const homes = new Map<string, number>();
        let lastTask = 0;
        let lastWorker = 0;
        const settle = (): void => {
          for (const { taskId, workerId } of drain(dispatcher)) {
            const key = waiting.get(taskId);
            expect(key).not.toBeUndefined();
            const tasks = held.get(workerId);
            expect(tasks).toBeDefined();
            if (key !== null && key !== undefined) {
              const home = homes.get(key);
              if (home !== undefined && held.has(home)) expect(workerId).toBe(home);
              homes.set(key, workerId);
            }
            waiting.delete(taskId);
            tasks?.push(taskId);
            expect(tasks?.length).toBeLessThanOrEqual(concurrency + windowMax);
          }
          expect(dispatcher.waiting).toBe(waiting.size);
          const free = [...held].filter(([, tasks]) => tasks.length < concurrency);
          const anyones = [...waiting.values()].filter(
            (key) => key === null || !held.has(homes.get(key) ?? 0),
          );
          if (free.length > 0) expect(anyones).toEqual([]);
        };
        const apply = (move: Move): void => {
          switch (move.kind) {
            case 'enqueue':
              lastTask += 1;
              waiting.set(lastTask, move.key);
              dispatcher.enqueue(
                waitingTask(lastTask, move.priority, move.key, lastTask % 3 === 0 ? unknown : short),
                false,
              );
              break;
            case 'offer':
              lastWorker += 1;
              held.set(lastWorker, []);
              dispatcher.offer(lastWorker);
              break;
            case 'learn':
              dispatcher.noteDuration(short, move.micros);
              break;
            case 'dequeue': {
              const taskId = [...waiting.keys()][move.pick % Math.max(1, waiting.size)];
              if (taskId === undefined) break;
              waiting.delete(taskId);
              dispatcher.dequeue(taskId);
              break;
            }
            case 'free': {
              const busy = [...held].filter(([, tasks]) => tasks.length > 0);
              const [workerId, tasks] = busy[move.pick % Math.max(1, busy.length)] ?? [0, []];
              const taskId = tasks.shift();
              if (taskId !== undefined) dispatcher.free(workerId, taskId);
              break;
            }
            case 'withdraw': {
              const workerId = [...held.keys()][move.pick % Math.max(1, held.size)];
              if (workerId === undefined) break;
              const lost = held.get(workerId) ?? [];
              held.delete(workerId);
              dispatcher.withdraw(workerId);
              for (const taskId of lost.toReversed()) {
                waiting.set(taskId, null);
                dispatcher.enqueue(waitingTask(taskId), true);
              }
            }
          }
        };
        for (const move of script) {
          apply(move);
          settle();
        }
      }),
      { numRuns: 500 },
    );
  });
});
