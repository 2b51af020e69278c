/** The adapters as types. Checked by the compiler. */
import {
  type JestWorkerFarm,
  messageParent,
  type PromiseWithCustomMessage,
  Worker,
} from 'troupe/compat/jest-worker';
import DefaultTinypool, { Tinypool, workerId } from 'troupe/compat/tinypool';
import { expectTypeOf } from 'vitest';

interface Minify {
  transform(code: string, level: number): Promise<{ code: string }>;
  size(code: string): number;
  setup(): void;
  end(): number;
  version: string;
}

const farm = new Worker('/minify.js', { numWorkers: 2, enableWorkerThreads: true }) as JestWorkerFarm<Minify>;
expectTypeOf(farm.transform('a', 1)).toEqualTypeOf<PromiseWithCustomMessage<{ code: string }>>();
expectTypeOf(farm.size('a')).toEqualTypeOf<PromiseWithCustomMessage<number>>();
expectTypeOf(farm.end()).toEqualTypeOf<Promise<{ forceExited: boolean }>>();
expectTypeOf(farm.getStdout()).toEqualTypeOf<NodeJS.ReadableStream>();
expectTypeOf(messageParent).parameters.toEqualTypeOf<[unknown]>();
// @ts-expect-error it takes two arguments
farm.transform('a');
// @ts-expect-error it is not a function
farm.version();
// @ts-expect-error a farm calls it by itself
farm.setup();
// @ts-expect-error there is no such option
export const wrongFarm = new Worker('/minify.js', { WorkerPool: Map });

const pool = new Tinypool({ filename: 'file:///worker.js', minThreads: 0.5, maxQueue: 'auto' });
expectTypeOf(DefaultTinypool).toEqualTypeOf(Tinypool);
expectTypeOf(pool.run(1, { name: 'other', signal: AbortSignal.timeout(1) })).toEqualTypeOf<
  Promise<unknown>
>();
expectTypeOf(pool.run<number>(1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(pool.options.runtime).toEqualTypeOf<'child_process'>();
expectTypeOf(pool.threads[0]?.threadId).toEqualTypeOf<number | undefined>();
expectTypeOf(workerId).toEqualTypeOf<number | undefined>();
expectTypeOf(Tinypool.move(new Uint8Array(1))).toExtend<Uint8Array>();
// @ts-expect-error there is no such option
export const wrongPool = new Tinypool({ taskQueue: {} });
