/** What `wait` and `asCompleted` make of what they are given, as types. Checked by the compiler. */
import { asCompleted, createPool, type Task, wait, type WaitResult } from 'troupe';
import { expectTypeOf } from 'vitest';
import { add, load, type Row } from './tasks.ts';

const pool = createPool();
const [sum, rows] = [pool.submit(add, 1, 2), pool.submit(load, 'rows.csv')];

// A tuple gives the union of its tasks
expectTypeOf(wait([sum, rows])).toEqualTypeOf<Promise<WaitResult<Task<number> | Task<Row[]>>>>();
const { done, pending } = await wait([sum]);
expectTypeOf(done).toEqualTypeOf<Task<number>[]>();
expectTypeOf(pending).toEqualTypeOf<Task<number>[]>();
expectTypeOf((await wait(new Set([sum]))).done).toEqualTypeOf<Task<number>[]>();
expectTypeOf((await wait([sum, Promise.resolve('x')])).done).toEqualTypeOf<
  (Promise<string> | Task<number>)[]
>();
wait([sum], { until: 'firstError', timeoutMs: 5 });
// @ts-expect-error it takes several
wait(sum);
// @ts-expect-error a number is nothing to wait for
wait([1]);
// @ts-expect-error there is no such moment
wait([sum], { until: 'last' });

for await (const task of asCompleted([sum, rows])) {
  expectTypeOf(task).toEqualTypeOf<Task<number> | Task<Row[]>>();
  expectTypeOf(await task).toEqualTypeOf<number | Row[]>();
}
// @ts-expect-error an async iterable of values is no list of tasks
asCompleted(pool.map((item: number) => item, [1]));
