/**
 * The public entry `troupe/verify`: describe a system of XState machines, and every moment of it is explored.
 */
export { type CanaryResult, findCanaries } from './canary.ts';
export { check, type CheckSettings, type Limits, type Report } from './check.ts';
export type { Beginning, Counterexample, PathStep } from './counterexample.ts';
export type { Coverage } from './coverage.ts';
export { diagram } from './diagram.ts';
export type { Progress } from './explore.ts';
export type { Sort } from './layout.ts';
export {
  type Environment,
  model,
  type Model,
  type ModelDefinition,
  type Move,
  type Topology,
} from './model.ts';
export { combine, events, type EventsOptions, type OutsideEvent } from './outside.ts';
export { always, eventually, type Property, sometimes } from './property.ts';
export {
  type CounterexampleFile,
  type FileStep,
  readCounterexample,
  replay,
  type ReplayEnd,
  toFile,
} from './replay.ts';
export { reportText, type ReportTextOptions } from './report-text.ts';
export { story } from './story.ts';
export { VerifyError } from './verify-error.ts';
export type { World } from './world.ts';
export type { Happening } from './happening.ts';
export { coveringPaths, type CoveringPath, type MachinePair, type PathCover } from './paths.ts';
export { poolModel } from './pool/pool-model.ts';
export { noCalls, noFaults, type PoolScope } from './pool/scope.ts';
export { scopes as poolScopes } from './pool/scopes.ts';
