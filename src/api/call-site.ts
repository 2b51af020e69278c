/**
 * Remembers where a task was submitted, for the stack of an error that comes back. Taking a stack costs a few
 * microseconds, more than everything else about a small task, so in one turn only the first calls are
 * remembered.
 */

export interface CallSite {
  readonly stack?: string | undefined;
}

const sitesPerTurn = 100;
const unknown: CallSite = {};
let left = sitesPerTurn;

/** The stack above the given function, or nothing in a burst. */
export function callSite(above: (...args: never[]) => unknown): CallSite {
  if (left === 0) return unknown;
  if (left === sitesPerTurn) setImmediate(refill).unref();
  left -= 1;
  const site: CallSite = {};
  Error.captureStackTrace(site, above);
  return site;
}

function refill(): void {
  left = sitesPerTurn;
}
