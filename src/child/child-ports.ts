/** All that a child's side asks of the process it lives in. Simulation puts many children into one. */
import process from 'node:process';
import { setTimeout } from 'node:timers';
import type { NestedPools, NestedPort } from '../codec/nested-port.ts';
import type { Channel } from '../transport/channel.ts';
import type { LeaseAnswer } from '../transport/lease-port.ts';
import { OutputCapture, type OutputEnd } from './output-capture.ts';

export interface ChildPorts {
  readonly pid: number;
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back once, when the event loop has looked at the channel. */
  soon(callback: () => void): void;
  /** Calls back once after a delay; keeps nothing alive. */
  after(delayMs: number, callback: () => void): void;
  /** How much memory and processor time the process has used. */
  usage(): { readonly rssBytes: number; readonly cpuMicros: number };
  /** From now on, what is written to stdout and stderr goes over the channel; null where that cannot be. */
  captureOutput(channel: Channel): OutputEnd | null;
  /** What tasks use as their pool; loaded now, if it has not been. */
  nestedPools(port: NestedPort): NestedPools;
  /** What the parent says of workers for the pools in this process. */
  onLease(answer: LeaseAnswer): void;
  /** Ends the process; nothing of it runs any more. */
  exit(code: number): void;
}

export const realChild: Omit<ChildPorts, 'nestedPools' | 'onLease'> = {
  pid: process.pid,
  now: () => performance.now(),
  soon: (callback) => void setImmediate(callback),
  after: (delayMs, callback) => void setTimeout(callback, delayMs).unref(),
  usage() {
    const { user, system } = process.cpuUsage();
    return { rssBytes: process.memoryUsage.rss(), cpuMicros: user + system };
  },
  captureOutput(channel) {
    // Its channels cannot be written to behind the back of the event loop.
    if (process.platform === 'win32') return null;
    return new OutputCapture(channel, [process.stdout, process.stderr]);
  },
  exit: (code) => process.exit(code),
};
