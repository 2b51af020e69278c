/**
 * All that a pool in this process asks of the world around it: time, processes, ids, and to be kept alive.
 * Simulation replaces it as a whole.
 */
// Ids are unique, not secret; the other half of the package loads `node:crypto`.
import { nanoid } from 'nanoid/non-secure';
import { type Clock, systemClock } from '../runtime/timers.ts';
import { spawnChild } from './child-process.ts';
import type { Child, ChildObserver, ChildSpec } from './child-process.ts';
import { leaseOffice, type LeaseOffice } from './lease-office.ts';
import { oomKillCount, processState, type ProcessState } from './process-facts.ts';
import { processUsage, type ProcessUsage } from './process-usage.ts';

/** Something that keeps the program alive while it is referenced. */
export interface Hold {
  ref(): void;
  unref(): void;
}

export interface HostPorts {
  readonly clock: Clock;
  /** Milliseconds since 1970, which deadlines are given in. */
  epochMs(): number;
  /** Calls back once, after what is going on now and what has arrived by then. */
  soon(callback: () => void): void;
  /** An id that no other process makes. */
  newId(length: number): string;
  /** A hold on the program, referenced at first. */
  hold(): Hold;
  spawnChild(spec: ChildSpec, observer: ChildObserver): Child;
  processState(pid: number): ProcessState;
  /** `undefined` if the system does not tell. */
  processUsage(pid: number): ProcessUsage | undefined;
  oomKillCount(): number | undefined;
  /** Who shares the processors among pools inside workers. */
  leaseOffice(countCpus: () => number): LeaseOffice;
  /** Calls back some time after nobody can reach the object any more, if the program lasts until then. */
  whenForgotten(object: object, callback: () => void): void;
}

const forgotten = new FinalizationRegistry((callback: () => void) => callback());

export const realHost: HostPorts = {
  clock: systemClock,
  epochMs: () => Date.now(),
  soon: (callback) => void setImmediate(callback),
  newId: (length) => nanoid(length),
  // A timer that never matters: it is only there to be referenced.
  hold: () => setInterval(() => undefined, 2 ** 30),
  spawnChild,
  processState,
  processUsage,
  oomKillCount: () => oomKillCount(),
  leaseOffice,
  whenForgotten: (object, callback) => forgotten.register(object, callback),
};
