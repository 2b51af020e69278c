/** Finds the pools of this process by their ids, for tasks that submit to them from a worker. */
import type { PoolSystem } from './pool-system.ts';

const pools = new Map<string, WeakRef<PoolSystem>>();
const gone = new FinalizationRegistry<string>((poolId) => void pools.delete(poolId));

/** From now on the pool is found, as long as anything else holds on to it. */
export function registerPool(poolId: string, system: PoolSystem): void {
  pools.set(poolId, new WeakRef(system));
  gone.register(system, poolId);
}

/** The pool of that id, if it is one of this process and still there. */
export function poolOfId(poolId: string): PoolSystem | undefined {
  return pools.get(poolId)?.deref();
}
