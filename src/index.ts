/** The public names of `troupe`. */
export { createPool, type Pool } from './api/executor.ts';
export { getReusablePool } from './api/reusable-pool.ts';
export type { MapResult } from './api/map.ts';
export type { ModuleProxy, StreamReference } from './api/module-proxy.ts';
export { cpuCount } from './api/cpu-count.ts';
export { currentTask, type CurrentTask } from './api/current-task.ts';
export type {
  CloseOnSignalOptions,
  CloseOptions,
  CloseSignal,
  InitializeOptions,
  MapOptions,
  PoolOptions,
  RecycleOptions,
  ReusablePoolOptions,
  ResizeOptions,
  RestartOptions,
  RetryOptions,
  TaskOptions,
} from './api/options.ts';
export type { NestedPool } from './api/nested-pool.ts';
export type { PermissionOptions } from './api/permissions.ts';
export type { ResourceLimits } from './api/resource-limits.ts';
export type { Submitter } from './api/submitter.ts';
export type { Task } from './api/task.ts';
export type { AsCompletedOptions, WaitOptions } from './api/waiting-options.ts';
export { asCompleted, type CompletedTasks, wait, type WaitResult } from './api/waiting.ts';
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
