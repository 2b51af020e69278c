/** All that a child's side asks of the process it lives in. Simulation puts many children into one. */
import process from 'node:process';

export interface ChildPorts {
  readonly pid: number;
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back once, when the event loop has looked at the channel. */
  soon(callback: () => void): void;
  /** Calls back once, after a time; it keeps nothing alive. */
  later(delayMs: number, callback: () => void): void;
  /** How much memory the process holds. */
  rssBytes(): number;
  /** Ends the process; nothing of it runs any more. */
  exit(code: number): void;
}

export const realChild: ChildPorts = {
  pid: process.pid,
  now: () => performance.now(),
  soon: (callback) => void setImmediate(callback),
  later: (delayMs, callback) => void setTimeout(callback, delayMs).unref(),
  rssBytes: () => process.memoryUsage.rss(),
  exit: (code) => process.exit(code),
};
