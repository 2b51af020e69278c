/** What a function takes from the scopes around it: constants, variables, parameters, loops, catch, destructuring. */

const LIMIT = 10;
let moduleVariable = 'module';
const captured = 5;
const helper = (x) => x * LIMIT;
const unsendable = new Promise(() => {});

const constantText = 'text';
const constantBig = 12_345_678_901_234_567_890n;
const template = (name) => `${constantText}:${name}`;

function outerWith(first, { second, deep: [third = 3] = [] }, ...rest) {
  const local = first + second;
  return () => [local, first, second, third, rest];
}

function shadowing(value) {
  return (x) => {
    const unsendable = value;
    {
      const value = x;
      return [unsendable, value];
    }
  };
}

function nestedScopes() {
  const one = 1;
  return (() => {
    const two = 2;
    return (() => {
      const three = 3;
      return (four) => [one, two, three, four];
    })();
  })();
}

function fromLoops() {
  const functions = [];
  for (let index = 0; index < 3; index += 1) functions.push(() => index * 10);
  for (const item of ['a', 'b']) functions.push(() => item);
  for (const key in { left: 1, right: 2 }) functions.push(() => key);
  let count = 0;
  while (count < 2) {
    const now = count;
    functions.push(() => now + 100);
    count += 1;
  }
  return functions;
}

function fromCatch() {
  try {
    throw new RangeError('caught');
  } catch (error) {
    return () => [error instanceof RangeError, error.message];
  }
}

function fromCatchPattern() {
  try {
    throw { code: 7, rest: [1, 2] };
  } catch ({ code, rest: [, second] }) {
    return () => [code, second];
  }
}

function fromSwitch(kind) {
  switch (kind) {
    case 'a': {
      const inCase = 'in a';
      return () => inCase;
    }
    default:
      let inDefault = 'in default';
      return () => inDefault;
  }
}

function usesVar(flag) {
  if (flag) {
    var hoisted = 'hoisted';
  }
  return () => hoisted;
}

function usesArguments() {
  return () => [...arguments];
}

function parameterScope(a = 1, read = () => a) {
  var a = 2;
  return [() => a, read];
}

async function afterAwaits() {
  const first = await Promise.resolve(1);
  await new Promise((resolve) => setImmediate(resolve));
  const second = await Promise.resolve(first + 1);
  return (x) => [first, second, x];
}

const destructured = (
  ({ a, b: { c = 'default' } = {}, ...others }) =>
  () => [a, c, others]
)({ a: 1, d: 4, e: 5 });
const fromArrayPattern = (
  ([first, , third, ...rest]) =>
  () => [first, third, rest]
)([1, 2, 3, 4, 5]);
const undefinedVariable = undefined;
const nullVariable = null;
const $dollar = 'dollar';
const _under = 'under';
const ünïcode = 'letters';
const async = 'not a keyword';
const of = 'neither';

export const cases = [
  { name: 'no variables', run: (pool) => pool.submit((x) => x + 1, 1), expect: 2 },
  {
    name: 'a helper and a constant of the module',
    run: (pool) => pool.submit((x) => helper(x) + captured, 3),
    expect: 35,
  },
  {
    name: 'a function expression',
    run: (pool) =>
      pool.submit(function (x) {
        return helper(x);
      }, 2),
    expect: 20,
  },
  { name: 'a let of the module', run: (pool) => pool.submit(() => moduleVariable), expect: 'module' },
  {
    name: 'a helper that captures in turn',
    run: (pool) => pool.submit(() => template('x')),
    expect: 'text:x',
  },
  {
    name: 'a bigint',
    run: (pool) => pool.submit(() => constantBig + 1n),
    expect: 12_345_678_901_234_567_891n,
  },
  {
    name: 'undefined and null',
    run: (pool) => pool.submit(() => [undefinedVariable, nullVariable]),
    expect: [undefined, null],
  },
  {
    name: 'numbers that JSON has not',
    async run(pool) {
      const [nan, zero, up, down] = [Number.NaN, -0, Infinity, -Infinity];
      return pool.submit(() => [Number.isNaN(nan), Object.is(zero, -0), up, down, 1 / zero]);
    },
    expect: [true, true, Infinity, -Infinity, -Infinity],
  },
  {
    name: 'names of all kinds',
    run: (pool) => pool.submit(() => [$dollar, _under, ünïcode, async, of]),
    expect: ['dollar', 'under', 'letters', 'not a keyword', 'neither'],
  },
  {
    name: 'a list of functions made by map',
    run: (pool) => pool.submit([10, 20].map((v) => () => v)[1]),
    expect: 20,
  },
  {
    name: 'parameters, patterns and rest',
    run: (pool) => pool.submit(outerWith(1, { second: 2 }, 4, 5)),
    expect: [3, 1, 2, 3, [4, 5]],
  },
  {
    name: 'a name that hides one that cannot be sent',
    run: (pool) => pool.submit(shadowing('inner'), 'x'),
    expect: ['inner', 'x'],
  },
  {
    name: 'a parameter of an unsendable name',
    run: (pool) => pool.submit((unsendable) => unsendable * 2, 4),
    expect: 8,
  },
  {
    name: 'a property of an unsendable name',
    run: (pool) => pool.submit(() => ({ unsendable: 1 }).unsendable),
    expect: 1,
  },
  {
    name: 'a label of an unsendable name',
    run: (pool) =>
      pool.submit(() => {
        unsendable: for (;;) break unsendable;
        return 1;
      }),
    expect: 1,
  },
  { name: 'scopes in scopes', run: (pool) => pool.submit(nestedScopes(), 4), expect: [1, 2, 3, 4] },
  {
    name: 'closures created in loops',
    run: (pool) => Promise.all(fromLoops().map((fn) => pool.submit(fn))),
    expect: [0, 10, 20, 'a', 'b', 'left', 'right', 100, 101],
  },
  {
    name: 'all closures of a loop in one call',
    run: (pool) => pool.submit((functions) => functions.map((fn) => fn()), fromLoops()),
    expect: [0, 10, 20, 'a', 'b', 'left', 'right', 100, 101],
  },
  { name: 'a catch binding', run: (pool) => pool.submit(fromCatch()), expect: [true, 'caught'] },
  { name: 'a catch pattern', run: (pool) => pool.submit(fromCatchPattern()), expect: [7, 2] },
  {
    name: 'switch scopes',
    run: (pool) => Promise.all([pool.submit(fromSwitch('a')), pool.submit(fromSwitch('b'))]),
    expect: ['in a', 'in default'],
  },
  {
    name: 'a var',
    run: (pool) => Promise.all([pool.submit(usesVar(true)), pool.submit(usesVar(false))]),
    expect: ['hoisted', undefined],
  },
  {
    name: 'parameter scope and body scope',
    run: (pool) => Promise.all(parameterScope().map((fn) => pool.submit(fn))),
    expect: [2, 1],
  },
  {
    name: 'destructured parameters',
    run: (pool) => pool.submit(destructured),
    expect: [1, 'default', { d: 4, e: 5 }],
  },
  { name: 'an array pattern', run: (pool) => pool.submit(fromArrayPattern), expect: [1, 3, [4, 5]] },
  {
    name: 'from inside an async function, after awaits',
    run: async (pool) => pool.submit(await afterAwaits(), 3),
    expect: [1, 2, 3],
  },
  {
    name: 'typeof of a name that is nowhere',
    run: (pool) => pool.submit(() => typeof nowhereAtAll),
    expect: 'undefined',
  },
  {
    name: 'a name that is nowhere',
    run: (pool) => pool.submit(() => nowhereAtAll + 1),
    rejects: /ReferenceError: nowhereAtAll is not defined/u,
  },
  {
    name: 'a name that is nowhere, caught in the task',
    run: (pool) =>
      pool.submit(() => {
        try {
          return nowhereAtAll;
        } catch (error) {
          return error.name;
        }
      }),
    expect: 'ReferenceError',
  },
  {
    name: 'a parameter default that uses a captured variable',
    run: (pool) => pool.submit((x = captured, y = () => x + captured) => y()),
    expect: 10,
  },
  {
    name: 'a default value in a pattern that uses a captured variable',
    run: (pool) => pool.submit(({ a = helper(captured), ...rest }) => [a, rest], { b: 1 }),
    expect: [50, { b: 1 }],
  },
  {
    name: 'a computed key and a shorthand',
    run: (pool) => pool.submit(() => ({ captured, [constantText]: LIMIT, helper: helper(1) })),
    expect: { captured: 5, text: 10, helper: 10 },
  },
  {
    name: 'arguments of the function around an arrow',
    run: (pool) => pool.submit(usesArguments(1, 2)),
    refuses: /arguments/u,
  },
  {
    name: 'its own arguments',
    run: (pool) =>
      pool.submit(
        function () {
          return (() => [...arguments])();
        },
        1,
        2,
      ),
    expect: [1, 2],
  },
  {
    name: 'a variable of an outer function with the name of a global',
    run(pool) {
      const Map = 'mine';
      const process = { pid: 'fake' };
      return pool.submit(() => [Map, process.pid]);
    },
    expect: ['mine', 'fake'],
  },
  {
    name: 'a variable declared after the function that uses it',
    run(pool) {
      const later = () => declaredLater * 2;
      const declaredLater = 21;
      return pool.submit(later);
    },
    expect: 42,
  },
  {
    name: 'a block function',
    run(pool) {
      {
        function inBlock(x) {
          return x + captured;
        }
        return pool.submit(() => inBlock(1));
      }
    },
    expect: 6,
  },
  {
    name: 'a hundred variables',
    run(pool) {
      const names = Array.from({ length: 100 }, (_, index) => `v${index}`);
      const make = new Function(
        `${names.map((n, i) => `const ${n} = ${i};`).join('')} return () => ${names.join('+')};`,
      );
      return pool.submit(make());
    },
    expect: 4950,
  },
  {
    name: 'a function made by new Function',
    run: (pool) => pool.submit(new Function('a', 'b = 2', 'return a + b'), 1),
    expect: 3,
  },
  {
    name: 'a function made by an indirect eval',
    run: (pool) => pool.submit((0, eval)('(x) => x * 3'), 2),
    expect: 6,
  },
];
