/** Errors of tasks: class, fields, cause, and a stack whose lines and columns are those of the parent's files. */

/** `file:line:column` of the first frame, without the way to the file. */
const place = (error) => /[^/\\(]+:\d+:\d+(?=\)?$)/mu.exec(error.stack)?.[0];
const placesOf = (error) => error.stack.match(/[^/\\(\s]+\.m?[cjt]s:\d+:\d+/gu) ?? [];

const fails = (x) => {
  if (x > 0) throw new RangeError(`too large: ${x}`);
  return x;
};
function outer(x) {
  const inner = () => fails(x);
  return inner();
}
class Job {
  constructor(x) {
    this.x = x;
  }

  // prettier-ignore
  start() { return fails(this.x); }
}
const asynchronous = async (x) => {
  await null;
  return fails(x);
};
const multiline = (x) => [x].map((each) => each).map((each) => fails(each));

/**
 * Vitest maps stacks in its own process, by maps that it shows to nobody else: there, lines are those of the
 * modules it made.
 */
const exceptWithOwnMaps = { unless: ['vitest'] };

/** The same error here and there, by the places in its stack. */
const samePlaces = (name, fn, ...args) => ({
  name,
  ...exceptWithOwnMaps,
  async run(pool) {
    const here = await Promise.resolve()
      .then(() => fn(...args))
      .catch((error) => error);
    const there = await pool.submit(fn, ...args).catch((error) => error);
    const mine = placesOf(here).slice(0, 2);
    return [
      there instanceof RangeError,
      there.message,
      mine.length > 0,
      mine.every((each) => placesOf(there).includes(each)) || [mine, there.stack],
    ];
  },
  expect: [true, `too large: ${args[0]}`, true, true],
});

/** The same but for columns: what a class uses from outside is longer in the text that is sent. */
const sameLines = (name, fn, ...args) => ({
  name,
  ...exceptWithOwnMaps,
  async run(pool) {
    const linesOf = (error) => placesOf(error).map((each) => each.replace(/:\d+$/u, ''));
    const here = await Promise.resolve()
      .then(() => fn(...args))
      .catch((error) => error);
    const there = await pool.submit(fn, ...args).catch((error) => error);
    return (
      linesOf(here)
        .slice(0, 3)
        .every((each) => linesOf(there).includes(each)) || [here.stack, there.stack]
    );
  },
  expect: true,
});

export const cases = [
  samePlaces('the stack of a helper', (x) => fails(x), 1),
  samePlaces('the stack of a function of the module', outer, 2),
  sameLines('the stack of a method', (x) => new Job(x).start(), 3),
  samePlaces('the stack of an async function', asynchronous, 4),
  samePlaces('the stack of a chain over lines', multiline, 5),
  {
    name: 'the first frame is where it was thrown',
    ...exceptWithOwnMaps,
    run: async (pool) => {
      const error = await pool.submit(() => fails(6)).catch((each) => each);
      const here = (() => {
        try {
          return fails(6);
        } catch (each) {
          return each;
        }
      })();
      return place(error) === place(here) || [place(error), place(here)];
    },
    expect: true,
  },
  {
    name: 'the stack of an Error made in the task',
    ...exceptWithOwnMaps,
    run: async (pool) => {
      const make = () => new Error('made');
      const [here, there] = [make(), await pool.submit(() => make())];
      return placesOf(here)[0] === placesOf(there)[0] || [here.stack, there.stack];
    },
    expect: true,
  },
  {
    name: 'names of functions in the stack',
    named: true,
    run: async (pool) => {
      const error = await pool.submit(outer, 7).catch((each) => each);
      return ['fails', 'inner', 'outer'].filter((each) => error.stack.includes(each));
    },
    expect: ['fails', 'inner', 'outer'],
  },
  {
    name: 'a thrown value that is no error',
    run: (pool) =>
      pool
        .submit(() => {
          throw { plain: true };
        })
        .catch((error) => error),
    expect: { plain: true },
  },
  {
    name: 'a thrown string',
    run: (pool) =>
      pool
        .submit(() => {
          throw 'text';
        })
        .catch((error) => error),
    expect: 'text',
  },
  {
    name: 'a rejected promise',
    run: (pool) => pool.submit(() => Promise.reject(new TypeError('rejected'))),
    rejects: /^TypeError: rejected/u,
  },
  {
    name: 'the cause, with its class',
    run: (pool) =>
      pool
        .submit(() => {
          try {
            fails(1);
          } catch (cause) {
            throw new Error('wrapped', { cause });
          }
        })
        .catch((error) => [error.message, error.cause instanceof RangeError, error.cause.message]),
    expect: ['wrapped', true, 'too large: 1'],
  },
  {
    name: 'an error caught in the task',
    run: (pool) =>
      pool.submit(() => {
        try {
          return fails(1);
        } catch (error) {
          return error instanceof RangeError;
        }
      }),
    expect: true,
  },
  {
    name: 'a stack that shows who submitted',
    run: async (pool) => {
      const error = await pool.submit(() => fails(1)).catch((each) => each);
      return error.stack.split('\n').length > 2;
    },
    expect: true,
  },
  {
    name: "a syntax error from a task's own new Function",
    run: (pool) => pool.submit(() => new Function('return (')),
    rejects: /SyntaxError/u,
  },
  {
    name: 'a missing file in the task',
    run: (pool) =>
      pool.submit(async () => {
        const { readFile } = await import('node:fs/promises');
        return readFile('/not/there');
      }),
    rejects: /ENOENT/u,
  },
  {
    name: 'Error.prepareStackTrace is left alone',
    run: (pool) => pool.submit(() => typeof Error.stackTraceLimit),
    expect: 'number',
  },
];
