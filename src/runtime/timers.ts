/** One timer of any length: Node's own stop at 2^31-1 ms and would fire at once beyond it. */

const longestMs = 2 ** 31 - 1;

export interface Timer {
  cancel(): void;
}

/** Where delays come from. Simulation replaces it. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Calls back once after the delay. It never keeps the process alive. */
  after(delayMs: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, callback) {
    let left = delayMs;
    let timeout: NodeJS.Timeout;
    const arm = (): void => {
      const step = Math.min(left, longestMs);
      left -= step;
      timeout = setTimeout(() => (left > 0 ? arm() : callback()), step).unref();
    };
    arm();
    return { cancel: () => clearTimeout(timeout) };
  },
};
