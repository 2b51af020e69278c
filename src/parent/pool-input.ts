/** What a pool is made with, and what of it its machine needs. */
import type { PoolInput } from '../../machines/pool/machine.ts';
import type { InitMessage } from '../../machines/protocol.ts';
import type { EncodedCall } from '../codec/call.ts';
import type { ChildSpec } from './child-process.ts';
import type { TaskSettings } from './ledger.ts';
import { limitOf, type PoolSettings } from './pool-parts.ts';

export interface PoolSystemOptions extends PoolSettings {
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly restarts: { readonly max: number; readonly withinMs: number };
  /** What its tasks get that ask for nothing. */
  readonly task?: TaskSettings;
  readonly spec: ChildSpec;
  readonly init: Omit<InitMessage, 'worker' | 'epoch' | 'initialize'>;
  readonly initialize: EncodedCall | null;
  /** How many processes can compute at a time; asked anew when it matters. Default: what Node says. */
  readonly cpus?: () => number;
}

/** `leases` as the pool begins: none yet, or `null` if it needs none. */
export function poolInput(options: PoolSystemOptions, leases: 0 | null): PoolInput {
  return {
    minWorkers: options.minWorkers,
    maxWorkers: options.maxWorkers,
    concurrency: options.concurrency,
    idleTimeoutMs: limitOf(options.idleTimeoutMs),
    maxQueue: limitOf(options.maxQueue),
    maxQueueBytes: limitOf(options.maxQueueBytes),
    restartsMax: options.restarts.max,
    restartsWithinMs: options.restarts.withinMs,
    leases,
  };
}
