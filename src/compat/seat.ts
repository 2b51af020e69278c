/**
 * A place for one worker, with a number: a pool of one. So a caller can say which worker a call goes to and
 * tell that worker when it is to leave, as the packages do that the adapters stand in for.
 */
import { createPool, type Pool } from '../api/executor.ts';
import type { PoolOptions } from '../api/options.ts';

export class Seat {
  /** 1 for the first. */
  readonly number: number;
  readonly pool: Pool;
  /** Calls here that have not settled. */
  calls = 0;
  #leaving: Promise<boolean> | null = null;

  constructor(number: number, options: PoolOptions) {
    this.number = number;
    this.pool = createPool({ ...options, minWorkers: options.minWorkers ?? 0, maxWorkers: 1 });
  }

  get isLeaving(): boolean {
    return this.#leaving !== null;
  }

  get pid(): number | undefined {
    return this.pool.workers.at(-1)?.pid;
  }

  /**
   * Ends the worker: `farewell` is called if there is one, and `close` after it has ended, however. Resolves
   * when the process is gone, with whether it had to be killed.
   */
  leave(farewell: () => PromiseLike<unknown>, close: (pool: Pool) => Promise<void>): Promise<boolean> {
    return (this.#leaving ??= this.#leave(farewell, close));
  }

  async #leave(farewell: () => PromiseLike<unknown>, close: (pool: Pool) => Promise<void>): Promise<boolean> {
    let isForced = false;
    this.pool.on('workerExited', ({ end }) => {
      isForced ||= end !== 'stopped';
    });
    try {
      if (this.pool.workers.length > 0) await farewell();
    } finally {
      await close(this.pool);
    }
    return isForced;
  }
}
