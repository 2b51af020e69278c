/** All that a child's side asks of the process it lives in. Simulation puts many children into one. */
import process from 'node:process';
import type { NestedPools, NestedPort } from '../codec/nested-port.ts';

export interface ChildPorts {
  readonly pid: number;
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back once, when the event loop has looked at the channel. */
  soon(callback: () => void): void;
  /** What tasks use as their pool; loaded now, if it has not been. */
  nestedPools(port: NestedPort): NestedPools;
  /** Ends the process; nothing of it runs any more. */
  exit(code: number): void;
}

export const realChild: Omit<ChildPorts, 'nestedPools'> = {
  pid: process.pid,
  now: () => performance.now(),
  soon: (callback) => void setImmediate(callback),
  exit: (code) => process.exit(code),
};
