/**
 * Any number of listeners on one signal: Node warns of a leak from the eleventh on, and a signal may well
 * belong to a thousand tasks.
 */

const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back once when the signal aborts; returns what takes the listener off. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const listeners = listenersOf.get(signal) ?? listenTo(signal);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>();
  listenersOf.set(signal, listeners);
  const callAll = (): void => {
    for (const listener of listeners) listener();
  };
  signal.addEventListener('abort', callAll, { once: true });
  return listeners;
}
