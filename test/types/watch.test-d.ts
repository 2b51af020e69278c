/** What a pool shows of itself, its events, errors and `currentTask`, as types. Checked by the compiler. */
import {
  createPool,
  currentTask,
  type CurrentTask,
  type LikelyCause,
  type PoolEvents,
  type PoolState,
  type PoolStats,
  TaskTimeoutError,
  TroupeError,
  type WorkerInfo,
  WorkerLostError,
} from 'troupe';
import { expectTypeOf } from 'vitest';

const pool = createPool();

// State
expectTypeOf(pool.state).toEqualTypeOf<'running' | 'draining' | 'closed' | 'broken'>();
expectTypeOf(pool.stats()).toEqualTypeOf<PoolStats>();
expectTypeOf(pool.workers).toEqualTypeOf<readonly WorkerInfo[]>();
expectTypeOf(pool.ready()).toEqualTypeOf<Promise<void>>();
expectTypeOf(pool.close({ drain: false, timeoutMs: 1_000 })).toEqualTypeOf<Promise<void>>();
expectTypeOf(pool.terminate()).toEqualTypeOf<Promise<void>>();
expectTypeOf(pool.resize({ maxWorkers: 2 })).toBeVoid();
// @ts-expect-error its state is not for others to set
pool.state = 'closed';

// Events: each listener gets its own kind
pool.on('stateChanged', (event) => expectTypeOf(event.state).toEqualTypeOf<PoolState>());
pool.on('taskRetried', (event) => {
  expectTypeOf(event.attempt).toBeNumber();
  expectTypeOf(event.error).toBeUnknown();
});
pool.on('taskSettled', (event) => expectTypeOf(event).toEqualTypeOf<PoolEvents['taskSettled']>());
pool.on('workerLost', (event) => {
  expectTypeOf(event.pid).toEqualTypeOf<number | undefined>();
  expectTypeOf(event.lostTasks).toEqualTypeOf<readonly string[]>();
});
pool.on('workerOutput', (event) => expectTypeOf(event.stream).toEqualTypeOf<'stdout' | 'stderr'>());
pool.on('workerUnresponsive', (event) => expectTypeOf(event.tasks).toEqualTypeOf<readonly string[]>());
expectTypeOf(pool.on('workerReady', () => {})).toEqualTypeOf<() => void>();
// @ts-expect-error there is no such event
pool.on('taskDone', () => {});
// @ts-expect-error what belongs to another event
pool.on('workerReady', (event) => event.taskId);

// Inside a task
expectTypeOf(currentTask()).toEqualTypeOf<CurrentTask | undefined>();
expectTypeOf<CurrentTask['signal']>().toEqualTypeOf<AbortSignal>();

// Errors narrow by instanceof
declare const error: unknown;
if (error instanceof WorkerLostError) {
  expectTypeOf(error.likelyCause).toEqualTypeOf<LikelyCause>();
  expectTypeOf(error.pid).toEqualTypeOf<number | undefined>();
  expectTypeOf(error).toExtend<TroupeError>();
}
if (error instanceof TaskTimeoutError)
  expectTypeOf(error.kind).toEqualTypeOf<'execution' | 'queue' | 'deadline' | 'wait'>();
if (error instanceof TroupeError) expectTypeOf(error.code).toBeString();
