/** The public names of `troupe`. */
export { createPool, type Pool } from './api/executor.ts';
export type { MapResult } from './api/map.ts';
export type { ModuleProxy, StreamReference } from './api/module-proxy.ts';
export { cpuCount } from './api/cpu-count.ts';
export { currentTask, type CurrentTask } from './api/current-task.ts';
export type {
  CloseOptions,
  InitializeOptions,
  MapOptions,
  PoolOptions,
  ResizeOptions,
  RestartOptions,
  RetryOptions,
  TaskOptions,
} from './api/options.ts';
export type { NestedPool } from './api/nested-pool.ts';
export type { Submitter } from './api/submitter.ts';
export type { Task } from './api/task.ts';
export type { ExplainedPart } from './codec/closure/explain.ts';
export type { Explanation } from './codec/explain-call.ts';
export { registerClass, registerSerializer, type Serializer } from './codec/registry.ts';
export type { PoolStats, TaskState, WorkerInfo } from './engine/engine.ts';
export {
  InvalidOptionError,
  InvariantError,
  type LikelyCause,
  NestingError,
  NotSerializableError,
  PoolBrokenError,
  PoolClosedError,
  ProtocolError,
  QueueFullError,
  RemoteError,
  TaskCancelledError,
  TaskTimeoutError,
  TroupeError,
  WorkerLostError,
  WorkerStartError,
} from './errors.ts';
export type { PoolEvents, PoolState } from './observe/events.ts';
