/** What `map`, `stream` and `module` infer. Checked by the compiler. */
import { createPool, type MapResult, type ModuleProxy, type StreamReference, type Task } from 'troupe';
import { expectTypeOf } from 'vitest';
import { add, identity, load, range, type Row, rows } from './tasks.ts';

const pool = createPool();
const double = (value: number): number => value * 2;
declare const numbers: AsyncIterable<number>;

// map
expectTypeOf(pool.map(double, [1, 2])).toEqualTypeOf<MapResult<number>>();
expectTypeOf(pool.map(double, new Set([1, 2])).toArray()).toEqualTypeOf<Promise<number[]>>();
expectTypeOf(pool.map(double, numbers, { chunkSize: 'auto', ordered: false })).toEqualTypeOf<
  MapResult<number>
>();
expectTypeOf(pool.map(load, ['a.csv', 'b.csv'])).toEqualTypeOf<MapResult<Row[]>>();
expectTypeOf(pool.map(identity<Row>, [{ id: 1, name: 'one' }])).toEqualTypeOf<MapResult<Row>>();
expectTypeOf(pool.with({ retries: 1 }).map(double, [1])).toEqualTypeOf<MapResult<number>>();
for await (const value of pool.map(double, [1])) expectTypeOf(value).toBeNumber();
// @ts-expect-error items of the wrong type
pool.map(double, ['1']);
// @ts-expect-error not iterable
pool.map(double, 1);
// @ts-expect-error a function that needs more than the item
pool.map(add, [1, 2]);
// @ts-expect-error an option that does not exist
pool.map(double, [1], { size: 2 });
// @ts-expect-error an option of the wrong type
pool.map(double, [1], { chunkSize: 'big' });

// stream
expectTypeOf(pool.stream(range, 0, 10)).toEqualTypeOf<AsyncIterableIterator<number>>();
expectTypeOf(pool.stream(rows, 'rows.csv')).toEqualTypeOf<AsyncIterableIterator<Row>>();
expectTypeOf(pool.stream(() => ['a', 'b'])).toEqualTypeOf<AsyncIterableIterator<string>>();
expectTypeOf(pool.stream(load, 'rows.csv')).toEqualTypeOf<AsyncIterableIterator<Row>>();
// @ts-expect-error an argument of the wrong type
pool.stream(range, 0, '10');
// @ts-expect-error an argument too few
pool.stream(rows);
// @ts-expect-error a function that yields nothing
pool.stream(add, 1, 2);

// module
const tasks = pool.module<typeof import('./tasks.ts')>(new URL('./tasks.ts', import.meta.url));
expectTypeOf(tasks).toEqualTypeOf<ModuleProxy<typeof import('./tasks.ts')>>();
expectTypeOf(tasks.add).toEqualTypeOf<(a: number, b: number) => Task<number>>();
expectTypeOf(tasks.load('rows.csv')).toEqualTypeOf<Task<Row[]>>();
expectTypeOf(tasks.nothing()).toEqualTypeOf<Task<void>>();
expectTypeOf(tasks.range).toEqualTypeOf<StreamReference<[from: number, to: number], number>>();
expectTypeOf(pool.stream(tasks.range, 0, 10)).toEqualTypeOf<AsyncIterableIterator<number>>();
expectTypeOf(pool.stream(tasks.rows, 'rows.csv')).toEqualTypeOf<AsyncIterableIterator<Row>>();
expectTypeOf<keyof typeof tasks>().toEqualTypeOf<
  'add' | 'first' | 'identity' | 'load' | 'nothing' | 'pair' | 'range' | 'rows' | 'total'
>();
// @ts-expect-error an argument of the wrong type
tasks.add(1, '2');
// @ts-expect-error a generator is for pool.stream()
tasks.range(0, 10);
// @ts-expect-error not a function
tasks.version;
// @ts-expect-error a class cannot be called
tasks.Parser;
// @ts-expect-error not exported
tasks.subtract(1, 2);
// @ts-expect-error a function of the module is not for others to set
tasks.add = tasks.total;
