/**
 * The machines that run troupe, as XState definitions: for Stately Studio, tests, docs and the model checker.
 */
import { childMachine } from './child/machine.ts';
import { poolMachine } from './pool/machine.ts';
import { taskMachine } from './task/machine.ts';
import { workerMachine } from './worker/machine.ts';

export { childMachine, type ChildContext, type ChildEvent } from './child/machine.ts';
export { poolMachine, type PoolContext, type PoolEvent, type PoolInput } from './pool/machine.ts';
export { taskMachine, type TaskContext, type TaskEvent, type TaskInput } from './task/machine.ts';
export { workerMachine, type WorkerContext, type WorkerEvent, type WorkerInput } from './worker/machine.ts';
export type { TaskId, WorkerId } from './ids.ts';
export type { AbandonReason, TaskOutcome, WorkerEnd } from './reasons.ts';
export type { Events, MachineKind, Tell } from './topology.ts';

/** All of them, by name. */
export const machines = {
  pool: poolMachine,
  worker: workerMachine,
  task: taskMachine,
  child: childMachine,
} as const;
