/**
 * Hears when promises settle. However often one is listened to, it carries one reaction: who waits in a loop
 * for the first of many leaves nothing behind on those that take long.
 */

export type Settlement = 'pending' | 'fulfilled' | 'rejected';

type Listener = (how: Exclude<Settlement, 'pending'>) => void;

interface Watch {
  state: Settlement;
  /** `null` when it has settled, or while nobody listens. */
  listeners: Set<Listener> | null;
}

const watches = new WeakMap<object, Watch>();

/**
 * Calls back once, never at once, when the promise settles; returns what ends it. From here on a rejection
 * counts as handled.
 */
export function onSettled(promise: PromiseLike<unknown>, listener: Listener): () => void {
  const watch = watches.get(promise) ?? watchOver(promise);
  const { state } = watch;
  if (state === 'pending') {
    watch.listeners ??= new Set();
    watch.listeners.add(listener);
    return () => watch.listeners?.delete(listener);
  }
  let isWanted = true;
  queueMicrotask(() => {
    if (isWanted) listener(state);
  });
  return () => {
    isWanted = false;
  };
}

function watchOver(promise: PromiseLike<unknown>): Watch {
  const watch: Watch = { state: 'pending', listeners: null };
  watches.set(promise, watch);
  const settle = (how: Exclude<Settlement, 'pending'>): void => {
    const listeners = watch.listeners ?? [];
    watch.state = how;
    watch.listeners = null;
    for (const listener of listeners) listener(how);
  };
  // A thenable of another kind may call back at once, or twice, or throw.
  const real = promise instanceof Promise ? promise : Promise.resolve(promise);
  real.then(
    () => settle('fulfilled'),
    () => settle('rejected'),
  );
  return watch;
}
