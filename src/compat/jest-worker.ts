/**
 * `troupe/compat/jest-worker`: the class `Worker` of jest-worker, over a pool that cannot hang. What differs
 * is in docs/guides/migrate-from-jest-worker.md.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError } from '../errors.ts';
import { Farm, type PromiseWithCustomMessage } from './jest-worker-farm.ts';
import { resolveFarmOptions, type WorkerFarmOptions } from './jest-worker-options.ts';
import { report } from './report-to-parent.ts';
import { functionNames, workerFileUrl } from './worker-file.ts';

export type { PromiseWithCustomMessage } from './jest-worker-farm.ts';
export type { FarmForkOptions, WorkerFarmOptions } from './jest-worker-options.ts';
export { FifoQueue, PriorityQueue, type QueuedCall, type TaskQueue } from './jest-worker-queues.ts';

type AnyFunction = (...args: never[]) => unknown;
type ReservedName = 'end' | 'getStderr' | 'getStdout' | 'setup' | 'start' | 'teardown';

/** A `Worker` with the methods of its file, each returning a promise. */
export type JestWorkerFarm<Module extends object> = Worker & {
  readonly [
    Name in Exclude<keyof Module, ReservedName> as Module[Name] extends AnyFunction ? Name : never
  ]: Module[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => PromiseWithCustomMessage<Awaited<Result>>
    : never;
};

/**
 * A farm of processes that run the functions of one file. It has a method for each of them, but for those
 * whose names begin with `_`. A call whose process dies is run again up to `maxRetries` times and then
 * rejects with `WorkerLostError`; no other call is touched.
 *
 * Throws `InvalidOptionError` for a wrong or unknown option, and whatever the file throws when it is loaded
 * to find its functions, which `exposedMethods` spares.
 *
 * @example
 *   const farm = new Worker(require.resolve('./minify'), { numWorkers: 4 }) as JestWorkerFarm<Minify>;
 *   farm.getStdout().pipe(process.stdout);
 *   const code = await farm.transform(source);
 *   const { forceExited } = await farm.end();
 */
export class Worker {
  readonly #farm: Farm;

  constructor(workerPath: string | URL, options: WorkerFarmOptions = {}) {
    const settings = resolveFarmOptions(options);
    const url = workerFileUrl(workerPath, 'workerPath', 'new Worker()');
    const methods = settings.exposedMethods ?? functionsOf(url);
    this.#farm = new Farm(url, settings);
    for (const name of methods) if (!name.startsWith('_')) this.#expose(name);
  }

  /** What the workers write to their standard output, in lines. Nothing with `silent: false`. */
  getStdout(): NodeJS.ReadableStream {
    return this.#farm.stdout;
  }

  /** What the workers write to their standard error, in lines. Nothing with `silent: false`. */
  getStderr(): NodeJS.ReadableStream {
    return this.#farm.stderr;
  }

  /** Starts all workers and runs the file's `setup` in each. Without it, they start with their first call. */
  start(): Promise<void> {
    return this.#farm.start();
  }

  /**
   * Ends the farm: calls that wait reject with `PoolClosedError`; those that run have
   * `workerGracefulExitTimeout` to end, and then the file's `teardown` runs. What is left is killed, and its
   * calls reject. Resolves when all processes are gone.
   */
  end(): Promise<{ forceExited: boolean }> {
    return this.#farm.end();
  }

  #expose(name: string): void {
    if (Object.hasOwn(Worker.prototype, name))
      throw new InvalidOptionError(
        'exposedMethods',
        `new Worker(): a method of the file cannot be called \`${name}\`, because the farm itself has one. ` +
          'Rename it, or leave it out of `exposedMethods`.',
      );
    const method = (...args: unknown[]): PromiseWithCustomMessage<unknown> => this.#farm.call(name, args);
    Object.defineProperty(this, name, {
      value: method,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
}

/**
 * Sends a message from a worker to those who listen with `UNSTABLE_onCustomMessage` to the call that runs.
 * Throws `NotSerializableError` for what cannot be sent, and `TypeError` where no call runs.
 */
export function messageParent(message: unknown): void {
  if (report({ message })) return;
  throw new TypeError('messageParent() sends a message from a call in a worker, and no call runs here.');
}

/** Loads the file here, as jest-worker does, to see which functions it exports. */
function functionsOf(url: string): readonly string[] {
  const loaded: unknown = requiredFrom(url);
  if (typeof loaded === 'function') return [...functionNames(loaded), 'default'];
  return typeof loaded === 'object' && loaded !== null ? functionNames(loaded) : [];
}

function requiredFrom(url: string): unknown {
  try {
    const loaded: unknown = createRequire(import.meta.url)(fileURLToPath(url));
    return loaded;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error) || error.code !== 'ERR_REQUIRE_ASYNC_MODULE')
      throw error;
    throw new InvalidOptionError(
      'exposedMethods',
      `new Worker(): ${url} awaits at its top level, so it cannot be loaded here to find its ` +
        'functions. Name them in `exposedMethods`.',
    );
  }
}
