/** Cases of CommonJS: sloppy functions, what the module wrapper gives, and `require`. */
const path = require('node:path');
const { readFileSync } = require('node:fs');
const configuration = require('./support/configuration.cjs');
const { describe: describeIt } = configuration;

const limit = 10;
let count = 0;
const helper = (x) => x * limit;
function sloppyThis() {
  return this === globalThis;
}
function strictThis() {
  'use strict';
  return this === undefined;
}
function callee(n) {
  return n <= 1 ? 1 : n * arguments.callee(n - 1);
}
function aliased(a) {
  arguments[0] = 'changed';
  return a;
}
function withStatement(box) {
  with (box) {
    return inBox + limit;
  }
}
function octal() {
  return 010;
}
function implicitGlobal() {
  leaked = 5;
  return typeof leaked;
}
var self = function () {
  self = () => 'second';
  return 'first';
};
function duplicate(a, a) {
  return a;
}
function hoists() {
  if (true) {
    function inBlock() {
      return 'hoisted';
    }
  }
  return inBlock();
}
class Strict {
  self() {
    return (function () {
      return this;
    })();
  }
}
exports.fromExports = (x) => helper(x) + 1;
exports.viaExports = (x) => exports.fromExports(x);
module.exports.named = function named() {
  return module.exports.fromExports(1);
};
const { text } = (function () {
  let text = 'private';
  return { text: () => text };
})();

exports.cases = [
  { name: 'a helper and a constant', run: (pool) => pool.submit((x) => helper(x), 2), expect: 20 },
  { name: 'a sloppy function has the global this', run: (pool) => pool.submit(sloppyThis), expect: true },
  {
    name: 'a captured sloppy function',
    run: (pool) => pool.submit(() => [sloppyThis(), strictThis()]),
    expect: [true, true],
  },
  { name: "'use strict' in a function", run: (pool) => pool.submit(strictThis), expect: true },
  {
    name: 'a class body is strict',
    run: (pool) => pool.submit(() => new Strict().self() === undefined),
    expect: true,
  },
  { name: 'arguments.callee', run: (pool) => pool.submit(callee, 5), expect: 120 },
  {
    name: 'arguments that follow the parameters',
    run: (pool) => pool.submit(aliased, 'given'),
    expect: 'changed',
  },
  { name: 'with', run: (pool) => pool.submit(withStatement, { inBox: 1 }), expect: 11 },
  { name: 'an octal number', run: (pool) => pool.submit(octal), expect: 8 },
  { name: 'an implicit global', run: (pool) => pool.submit(implicitGlobal), expect: 'number' },
  {
    name: 'a function that replaces itself',
    run: (pool) => pool.submit(() => [self(), self()]),
    expect: ['first', 'second'],
  },
  { name: 'two parameters of one name', run: (pool) => pool.submit(duplicate, 1, 2), expect: 2 },
  { name: 'a function of a block, used outside it', run: (pool) => pool.submit(hoists), expect: 'hoisted' },
  { name: 'require', run: (pool) => pool.submit(() => require('node:os').EOL.length > 0), expect: true },
  {
    name: 'require of a relative path',
    run: (pool) => pool.submit(() => require('./support/configuration.cjs').name),
    expect: 'configuration',
  },
  {
    name: 'require.resolve',
    run: async (pool) =>
      (await pool.submit(() => require.resolve('./support/configuration.cjs'))) ===
      require.resolve('./support/configuration.cjs'),
    expect: true,
  },
  {
    name: '__filename and __dirname',
    run: (pool) => pool.submit(() => [path.basename(__filename), path.basename(__dirname)]),
    expect: ['commonjs.cjs', 'cases'],
  },
  {
    name: 'a builtin, whole and in parts',
    run: (pool) =>
      pool.submit(() => path.join('a', 'b').length + readFileSync(__filename, 'utf8').length > 100),
    expect: true,
  },
  {
    name: 'a builtin by a captured name',
    run: (pool) => pool.submit((file) => readFileSync(file, 'utf8').startsWith('/**'), __filename),
    expect: true,
  },
  {
    name: 'exports of another module',
    run: (pool) => pool.submit(() => [configuration.name, describeIt('y')]),
    expect: ['configuration', 'configuration y'],
  },
  { name: 'exports of this module', run: (pool) => pool.submit(exports.fromExports, 1), expect: 11 },
  { name: 'exports used by name', run: (pool) => pool.submit((x) => exports.viaExports(x), 1), expect: 11 },
  {
    name: 'module.exports used by name',
    run: (pool) => pool.submit(() => module.exports.named()),
    expect: 11,
  },
  { name: 'a private variable', run: (pool) => pool.submit(text), expect: 'private' },
  {
    name: 'a module variable that the task assigns',
    run: (pool) => pool.submit(() => (count += 3)),
    expect: 3,
  },
  {
    name: 'a dynamic import',
    run: (pool) => pool.submit(async () => (await import('./support/shapes.mjs')).addTax(100)),
    expect: 119,
  },
  {
    name: 'this of the module around an arrow',
    run: (pool) => pool.submit(() => typeof this),
    refuses: /`this`/u,
    accepts: (type) => type === 'object',
  },
  {
    name: 'a class by exports',
    run(pool) {
      exports.Kept = class Kept {
        x() {
          return limit;
        }
      };
      return pool.submit(() => new exports.Kept().x());
    },
    expect: 10,
  },
  {
    name: 'a legacy inheritance',
    run(pool) {
      const { inherits, EventEmitter } = { ...require('node:util'), ...require('node:events') };
      function Mine() {
        EventEmitter.call(this);
      }
      inherits(Mine, EventEmitter);
      return pool.submit(() => {
        let heard = 0;
        const m = new Mine();
        m.on('x', () => (heard += 1));
        m.emit('x');
        return [heard, m instanceof EventEmitter];
      });
    },
    expect: [1, true],
  },
];
