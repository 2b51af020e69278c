/** What `submit` infers from a function, what it refuses, and what a `Task` is. Checked by the compiler. */
import {
  createPool,
  type Explanation,
  registerClass,
  registerSerializer,
  type Submitter,
  type Task,
} from 'troupe';
import { expectTypeOf } from 'vitest';
import { add, first, identity, load, nothing, pair, Parser, type Row, total } from './tasks.ts';

const pool = createPool();

// The result
expectTypeOf(pool.submit(add, 1, 2)).toEqualTypeOf<Task<number>>();
expectTypeOf(pool.submit(nothing)).toEqualTypeOf<Task<void>>();
expectTypeOf(pool.submit(load, 'rows.csv')).toEqualTypeOf<Task<Row[]>>();
expectTypeOf(pool.submit(() => 'text' as const)).toEqualTypeOf<Task<'text'>>();
expectTypeOf(await pool.submit(load, 'rows.csv')).toEqualTypeOf<Row[]>();
declare const thenable: () => Promise<PromiseLike<number>>;
expectTypeOf(pool.submit(thenable)).toEqualTypeOf<Task<number>>();

// The arguments: optional, tuples, rest
pool.submit(load, 'rows.csv', 10);
expectTypeOf(pool.submit(pair, 1, 'one')).toEqualTypeOf<Task<Row>>();
expectTypeOf(pool.submit(total)).toEqualTypeOf<Task<number>>();
expectTypeOf(pool.submit(total, 1, 2, 3)).toEqualTypeOf<Task<number>>();
const known: [number, number] = [1, 2];
expectTypeOf(pool.submit(add, ...known)).toEqualTypeOf<Task<number>>();

// Generic functions
expectTypeOf(pool.submit(identity<Row>, { id: 1, name: 'one' })).toEqualTypeOf<Task<Row>>();
expectTypeOf(await pool.submit(identity, 'text')).toExtend<string>();
expectTypeOf(await pool.submit(first, [1, 2])).toEqualTypeOf<number | undefined>();

// Closures: parameters are inferred from the arguments, the result from the body
const factor = 3;
expectTypeOf(pool.submit((x) => x * factor, 2)).toEqualTypeOf<Task<number>>();
expectTypeOf(pool.submit((x, text) => `${text.length}${x.toFixed()}`, 2, 'a')).toEqualTypeOf<Task<string>>();
expectTypeOf(pool.submit(async (row: Row) => [row.id, factor], { id: 1, name: '' })).toEqualTypeOf<
  Task<number[]>
>();
expectTypeOf(pool.submit((fn: (x: number) => string) => fn(1), String)).toEqualTypeOf<Task<string>>();
expectTypeOf(pool.submit((parser) => parser, new Parser('a'))).toEqualTypeOf<Task<Parser>>();
expectTypeOf(pool.submit(() => [factor, 'a'] as const)).toEqualTypeOf<Task<readonly [3, 'a']>>();
expectTypeOf(pool.submit(add.bind(null, 1), 2)).toEqualTypeOf<Task<number>>();
expectTypeOf(pool.explain(add)).toEqualTypeOf<Explanation>();
expectTypeOf(pool.explain(() => factor).by).toEqualTypeOf<'reference' | 'value'>();
// @ts-expect-error the closure takes no text
pool.submit((x: number) => x * factor, 'a');
// @ts-expect-error the closure needs an argument
pool.submit((x: number) => x * factor);

// Classes of one's own
registerClass(Parser);
registerClass(Parser, { name: 'parsing.Parser' });
registerSerializer(Parser, {
  encode: (parser) => parser.text,
  decode(text) {
    expectTypeOf(text).toBeString();
    return new Parser(text);
  },
});
// @ts-expect-error not a class
registerClass({});
// @ts-expect-error its text is no number
registerSerializer(Parser, { encode: (parser): number => parser.text, decode: () => new Parser('') });
// @ts-expect-error half a serializer
registerSerializer(Parser, { encode: (parser) => parser.text });

// @ts-expect-error an argument of the wrong type
pool.submit(add, 1, '2');
// @ts-expect-error an argument too few
pool.submit(add, 1);
// @ts-expect-error an argument too many
pool.submit(add, 1, 2, 3);
// @ts-expect-error no argument at all
pool.submit(load);
// @ts-expect-error a tuple in the wrong order
pool.submit(pair, 'one', 1);
// @ts-expect-error not a function
pool.submit('add', 1, 2);
// @ts-expect-error no function
pool.submit();

// A task is a promise that knows more
const task = pool.submit(add, 1, 2);
expectTypeOf(task).toExtend<Promise<number>>();
expectTypeOf(task.id).toBeString();
expectTypeOf(task.state).toEqualTypeOf<'queued' | 'running' | 'fulfilled' | 'rejected' | 'cancelled'>();
expectTypeOf(task.attempt).toBeNumber();
expectTypeOf(task.progress).toEqualTypeOf<AsyncIterable<unknown>>();
expectTypeOf(task.cancel).parameters.toEqualTypeOf<[reason?: unknown]>();
expectTypeOf(task.cancel).returns.toBeVoid();
expectTypeOf(task.then(String)).toEqualTypeOf<Promise<string>>();
expectTypeOf(Promise.all([task, pool.submit(load, '')])).toEqualTypeOf<Promise<[number, Row[]]>>();
// @ts-expect-error its state is not for others to set
task.state = 'queued';

// with() binds options and keeps the types
const careful = pool.with({ timeoutMs: 1_000, retries: { times: 2, on: 'error' }, priority: 1 });
expectTypeOf(careful).toEqualTypeOf<Submitter>();
expectTypeOf(careful.submit(add, 1, 2)).toEqualTypeOf<Task<number>>();
// @ts-expect-error an option that does not exist
pool.with({ timeout: 1_000 });
// @ts-expect-error an option of the wrong type
pool.with({ timeoutMs: '1s' });
// @ts-expect-error not one of the words
pool.with({ retries: { times: 1, on: 'always' } });
// @ts-expect-error the same in the pool's own options
createPool({ maxWorkers: '4' });
// @ts-expect-error an option that does not exist
createPool({ workers: 4 });

createPool({ initialize: { fn: load, args: ['rows.csv'] }, maxQueue: Infinity, stdio: 'capture' });
expectTypeOf(pool).toExtend<AsyncDisposable>();
