/**
 * Remembers where a task was submitted, for the stack of an error that comes back. Taking a stack costs a few
 * microseconds, more than everything else about a small task, so of a burst only the first calls are
 * remembered.
 */

export interface CallSite {
  readonly stack?: string | undefined;
}

const sitesPerMs = 20;
const unknown: CallSite = {};
let left = 0;
let sinceMs = -1;

/** The stack above the given function, or nothing in a burst. */
export function callSite(above: (...args: never[]) => unknown): CallSite {
  if (left === 0) {
    const nowMs = performance.now();
    if (nowMs - sinceMs < 1) return unknown;
    sinceMs = nowMs;
    left = sitesPerMs;
  }
  left -= 1;
  const site: CallSite = {};
  Error.captureStackTrace(site, above);
  return site;
}
