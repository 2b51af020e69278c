/** The options of the real pool in a scope of the model. */
import process from 'node:process';
import { valueAt } from '../../machines/protocol.ts';
import { encodeValue } from '../../src/codec/codec.ts';
import type { PoolSystem } from '../../src/parent/pool-system.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { unresponsiveAfterMs } from './manual-clock.ts';
import { initializeReference } from './orders.ts';

/** Each kind of limit has a length of its own: they never pass by themselves. */
export const lengths = {
  startTimeoutMs: 11_000,
  idleTimeoutMs: 12_000,
  unresponsiveAfterMs,
  killGraceMs: 13_000,
  restartsWithinMs: 14_000,
  timeoutMs: 15_000,
  queueTimeoutMs: 16_000,
  deadlineMs: 17_000,
  backoffMs: 18_000,
  closeTimeoutMs: 19_000,
} as const;

/** `entry` is where children find their code. */
export function poolOptionsOf(scope: PoolScope, entry: string): ConstructorParameters<typeof PoolSystem>[0] {
  const { workers, minWorkers, concurrency, maxQueue, restarts, timers } = scope;
  const { unresponsive, tasksMax, faults } = scope;
  const { startTimeoutMs, idleTimeoutMs, killGraceMs, restartsWithinMs } = lengths;
  return {
    poolId: 'lockstep',
    name: 'lockstep',
    minWorkers,
    maxWorkers: workers,
    concurrency,
    maxQueue: maxQueue ?? Infinity,
    maxQueueBytes: Infinity,
    startTimeoutMs,
    idleTimeoutMs: timers.includes('idle') ? idleTimeoutMs : Infinity,
    killGraceMs,
    unresponsiveAfterMs: unresponsive === 'off' ? Infinity : lengths.unresponsiveAfterMs,
    unresponsive: unresponsive === 'kill' ? 'kill' : 'report',
    recycle: {
      tasks: tasksMax ?? Infinity,
      rssBytes: faults.wear > 0 ? 1 : Infinity,
      rssGrowthBytes: Infinity,
      ageMs: Infinity,
    },
    restarts: { max: restarts, withinMs: restartsWithinMs },
    spec: {
      entry: entry,
      execArguments: [],
      args: [],
      env: process.env,
      cwd: undefined,
      stdio: 'ignore',
    },
    init: { pool: 'lockstep', concurrency, depth: 1, capture: false, reportsMemory: false },
    initialize: {
      reference: initializeReference,
      args: encodeValue([], valueAt.init, 'argument'),
      captured: null,
    },
  };
}
