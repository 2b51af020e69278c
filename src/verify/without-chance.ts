/** Runs what must depend on nothing but its arguments where chance and clocks cannot be reached. */

/** Somebody asked for a random number or the time. */
export class ChanceError extends Error {
  override readonly name = 'ChanceError';

  constructor(what: string) {
    super(`called ${what}`);
  }
}

/** Runs it at once. Where it calls `Math.random()` or looks at a clock, a `ChanceError` is thrown. */
export function withoutChance<Result>(run: () => Result): Result {
  const { random } = Math;
  const RealDate = Date;
  Math.random = refuse('Math.random()');
  globalThis.Date = timelessDate(RealDate);
  Object.defineProperty(performance, 'now', { value: refuse('performance.now()'), configurable: true });
  try {
    return run();
  } finally {
    Math.random = random;
    globalThis.Date = RealDate;
    // What stands on its prototype comes to light again.
    Reflect.deleteProperty(performance, 'now');
  }
}

function refuse(what: string): () => never {
  return () => {
    throw new ChanceError(what);
  };
}

/** `new Date(0)` means the same every time; `new Date()` does not. */
function timelessDate(RealDate: DateConstructor): DateConstructor {
  return new Proxy(RealDate, {
    construct: (target, given) =>
      given.length === 0 ? refuse('new Date()')() : Reflect.construct(target, given),
    apply: refuse('Date()'),
    get: (target, key, receiver) =>
      key === 'now' ? refuse('Date.now()') : Reflect.get(target, key, receiver),
  });
}
