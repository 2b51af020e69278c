/**
 * Which machines form one pool, and how a machine speaks to another: only by `tell`, to one of these
 * addresses.
 */
import type { ChildEvent } from './child/machine.ts';
import type { PoolEvent } from './pool/machine.ts';
import type { TaskEvent } from './task/machine.ts';
import type { WorkerEvent } from './worker/machine.ts';

/** The parameters of the `tell` command. There is one pool, so its id is always 0. */
export type Tell =
  | { readonly to: 'pool'; readonly id: 0; readonly event: PoolEvent }
  | { readonly to: 'worker'; readonly id: number; readonly event: WorkerEvent }
  | { readonly to: 'task'; readonly id: number; readonly event: TaskEvent };

export type MachineKind = Tell['to'];

/**
 * Every event of every machine, by the name of the machine. `child` lives in the other process and is told
 * nothing directly.
 */
export interface Events {
  readonly pool: PoolEvent;
  readonly worker: WorkerEvent;
  readonly task: TaskEvent;
  readonly child: ChildEvent;
}
