/** Finds the pools of this process by their ids, for tasks that submit to them from a worker. */
import type { TaskSettings } from './ledger.ts';
import type { PoolSystem } from './pool-system.ts';

export interface KnownPool {
  readonly system: PoolSystem;
  /** What its tasks get that ask for nothing. */
  readonly defaults: TaskSettings | undefined;
}

const pools = new Map<string, { readonly system: WeakRef<PoolSystem> } & Pick<KnownPool, 'defaults'>>();
// In a simulation a later pool may have the id by then.
const gone = new FinalizationRegistry<string>((poolId) => {
  if (pools.get(poolId)?.system.deref() === undefined) pools.delete(poolId);
});

/** From now on the pool is found, as long as anything else holds on to it. */
export function registerPool(poolId: string, { system, defaults }: KnownPool): void {
  pools.set(poolId, { system: new WeakRef(system), defaults });
  gone.register(system, poolId);
}

/** The pool of that id, if it is one of this process and still there. */
export function poolOfId(poolId: string): KnownPool | undefined {
  const known = pools.get(poolId);
  const system = known?.system.deref();
  return system === undefined ? undefined : { system, defaults: known?.defaults };
}
