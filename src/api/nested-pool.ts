/** The pool as a task sees it that runs in one of its workers: it submits, and the parent does the rest. */
import type { NestedOptions } from '../../machines/protocol.ts';
import type { PoolNode } from '../codec/closure/wire.ts';
import type { NestedPools, NestedPort } from '../codec/nested-port.ts';
import { RemoteEngine } from '../engine/remote.ts';
import { RemoteTasks } from '../engine/remote-tasks.ts';
import { InvalidOptionError, NestingError } from '../errors.ts';
import { boundOptions } from './bound-options.ts';
import { cpuCount } from './cpu-count.ts';
import { Submitter } from './submitter.ts';
import { checkTaskOptions, taskDefaults, type TaskOptions } from './task-options.ts';

interface Bound {
  readonly id: string;
  readonly options: NestedOptions;
  readonly unsent: readonly string[];
}

/**
 * The same pool, in one of its tasks. It is closed and resized where it was made; whatever else is asked of
 * it here throws `NestingError`.
 */
export class NestedPool extends Submitter {
  /** Unique among all pools anywhere. */
  readonly id: string;
  /** Shown in errors and in ids. */
  readonly name: string;
  readonly #tasks: RemoteTasks;
  readonly #bound: Bound;

  /** @internal */
  constructor(tasks: RemoteTasks, bound: Bound) {
    super(new RemoteEngine(tasks, bound), taskDefaults, partsOf(bound, {}));
    this.id = bound.id;
    this.name = bound.id.replace(/-[\w-]{8}$/u, '');
    this.#tasks = tasks;
    this.#bound = bound;
  }

  /**
   * The same pool with task options bound. They win over those of `PoolOptions.task`, which count for tasks
   * submitted here as for all others. `retries.on` cannot be a function here: nothing of a task runs where
   * the pool is.
   */
  with(options: TaskOptions): Submitter {
    const settings = checkTaskOptions(options, 'pool.with()');
    if (typeof settings.retries.on === 'function')
      throw new InvalidOptionError(
        'retries.on',
        'pool.with(): the option `retries.on` is a function, which cannot be asked for a task that a task ' +
          "submits. Use 'crash' or 'error', or catch the error and submit again.",
      );
    const bound = {
      id: this.id,
      options: { ...this.#bound.options, ...boundOptions(options).options },
      unsent: this.#bound.unsent,
    };
    return new Submitter(new RemoteEngine(this.#tasks, bound), settings, partsOf(bound, options));
  }

  /** Resolves at once: tasks that a task submits are not refused for a full queue. */
  ready(): Promise<void> {
    return Promise.resolve();
  }
}

/** How many tasks run at a time is not known here; it is about as many as there are processors. */
function partsOf(
  { id, options, unsent }: Bound,
  given: TaskOptions,
): ConstructorParameters<typeof Submitter>[2] {
  const own = boundOptions(given);
  const pool = { id, options: { ...options, ...own.options }, unsent: [...unsent, ...own.unsent] };
  return { slots: () => cpuCount(), encoding: {}, pool };
}

const onlyOutside = ['resize', 'close', 'terminate', 'on', 'stats', 'explain', 'state', 'workers'];

// A function that was written for the pool itself is told why it cannot have this.
for (const name of onlyOutside) {
  Object.defineProperty(NestedPool.prototype, name, {
    get() {
      throw new NestingError(
        `A task asked for \`${name}\` of the pool it runs in, or of another one of its parent. In a task a ` +
          'pool has submit, map, stream, with, module and ready. Do the rest where the pool was made.',
      );
    },
  });
}

/** All pools of one child. Loaded when a task first uses one. */
export function openNestedPools(port: NestedPort): NestedPools {
  const tasks = new RemoteTasks(port);
  const plain = new Map<string, NestedPool>();
  return {
    pool({ id = port.pool, options, unsent = [] }: PoolNode): object {
      const isPlain = unsent.length === 0 && Object.keys(options ?? {}).length === 0;
      const known = isPlain ? plain.get(id) : undefined;
      if (known !== undefined) return known;
      const pool = new NestedPool(tasks, { id, options: options ?? {}, unsent });
      if (isPlain) plain.set(id, pool);
      return pool;
    },
    receive: (header, binaries) => tasks.receive(header, binaries),
  };
}
