/** A time limit of any length that keeps the program alive: somebody waits for it. */

/** Node's own timers stop at this and would fire at once beyond it. */
const longestMs = 2 ** 31 - 1;

/** Calls back once after the time, never for `Infinity`; returns what ends it. */
export function afterLimit(limitMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, longestMs);
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : callback()), stepMs);
  };
  if (limitMs !== Infinity) arm(limitMs);
  return () => clearTimeout(timer);
}
