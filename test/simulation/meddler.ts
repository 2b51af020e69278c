/** Somebody who resizes a pool from within its own events. */
import type { Pool } from '../../src/api/executor.ts';
import type { Random } from '../workload/random.ts';
import type { World } from './world.ts';

export function meddleWith(pool: Pool, random: Random, world: World): void {
  const resize = (): void => {
    if (!random.chance(0.1)) return;
    const maxWorkers = random.between(1, 4);
    world.log(`the pool is resized to ${maxWorkers}`);
    pool.resize({ maxWorkers, minWorkers: random.int(maxWorkers + 1) });
  };
  for (const event of ['taskStarted', 'taskSettled', 'taskRetried', 'workerStarted'] as const)
    pool.on(event, resize);
  for (const event of ['workerReady', 'workerLost', 'workerExited'] as const) pool.on(event, resize);
}
