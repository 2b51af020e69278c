/** What goes by reference: globals, exports of Node, packages and the program's own modules; and import.meta. */
import fs, { existsSync as exists } from 'node:fs';
import * as path from 'node:path';
import { EventEmitter, once } from 'node:events';
import { promisify } from 'node:util';
import process from 'node:process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import defaultExport, { addTax, Shape, state, touch } from './support/shapes.mjs';
import * as shapes from './support/shapes.mjs';
import { renamed as ours } from './support/index.mjs';
import { first } from './support/circular-a.mjs';
import configuration from './support/configuration.cjs';

const { push } = Array.prototype;
const { log } = console;
const readFile = promisify(fs.readFile);
const { sep, join: joinPath } = path;
const require = createRequire(import.meta.url);
const here = import.meta.url;
const builtins = { Map, Set, stringify: JSON.stringify, iterate: Symbol.iterator, abs: Math.abs };
const wasParse = JSON.parse;
const AsyncFunction = (async () => {}).constructor;
const GeneratorPrototype = Object.getPrototypeOf(function* () {});
globalThis.fromTheProgram = { answer: 42 };
class Emitter extends EventEmitter {
  heard = [];
  listen() {
    return this.on('say', (word) => this.heard.push(word));
  }
}
class Square extends Shape {
  constructor(side) {
    super(side, side);
  }
}

const esGlobals = [
  'Array',
  'ArrayBuffer',
  'Atomics',
  'BigInt',
  'BigInt64Array',
  'Boolean',
  'DataView',
  'Date',
  'Error',
  'EvalError',
  'FinalizationRegistry',
  'Float64Array',
  'Function',
  'Int8Array',
  'Intl',
  'JSON',
  'Map',
  'Math',
  'Number',
  'Object',
  'Promise',
  'Proxy',
  'RangeError',
  'Reflect',
  'RegExp',
  'Set',
  'SharedArrayBuffer',
  'String',
  'Symbol',
  'TypeError',
  'URIError',
  'Uint8ClampedArray',
  'WeakMap',
  'WeakRef',
  'WeakSet',
  'decodeURIComponent',
  'encodeURI',
  'escape',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'globalThis',
  'WebAssembly',
  'AggregateError',
];
const nodeGlobals = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'BroadcastChannel',
  'Buffer',
  'DOMException',
  'Event',
  'EventTarget',
  'FormData',
  'Headers',
  'MessageChannel',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'atob',
  'btoa',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
  'crypto',
];

/** The value of a global as a captured variable, which is the same global there. */
const globalCase = (name) => ({
  name: `the global ${name}, captured`,
  run(pool) {
    const value = globalThis[name];
    return pool.submit((key) => value === globalThis[key], name);
  },
  expect: true,
});

export const cases = [
  ...[...esGlobals, ...nodeGlobals].map((name) => globalCase(name)),
  {
    name: 'globals used by name',
    run: (pool) =>
      pool.submit(() => [
        typeof Map,
        typeof setTimeout,
        typeof process.pid,
        Math.max(1, 2),
        typeof URL,
        typeof performance.now(),
      ]),
    expect: ['function', 'function', 'number', 2, 'function', 'number'],
  },
  {
    name: 'functions of globals',
    run: (pool) =>
      pool.submit(() => {
        const list = [];
        push.call(list, 1);
        return [
          list,
          builtins.abs(-1),
          builtins.stringify([1]),
          new builtins.Map([[1, 2]]).get(1),
          typeof log,
          builtins.iterate === Symbol.iterator,
        ];
      }),
    expect: [[1], 1, '[1]', 2, 'function', true],
  },
  {
    name: 'a global function captured under another name',
    run: (pool) => pool.submit(() => wasParse === JSON.parse && wasParse('1')),
    expect: 1,
  },
  {
    name: 'intrinsics without a name',
    run: (pool) =>
      pool.submit(() => [
        (async () => {}) instanceof AsyncFunction,
        Object.getPrototypeOf(function* () {}) === GeneratorPrototype,
      ]),
    expect: [true, true],
  },
  { name: 'a global as the task', run: (pool) => pool.submit(Math.max, 1, 3, 2), expect: 3 },
  {
    name: 'a prototype method as an argument',
    run: (pool) => pool.submit((fn) => fn === Array.prototype.map, Array.prototype.map),
    expect: true,
  },
  {
    name: 'a well-known symbol and a registered one',
    run: (pool) =>
      pool.submit(
        (a, b) => [a === Symbol.asyncIterator, b === Symbol.for('mine')],
        Symbol.asyncIterator,
        Symbol.for('mine'),
      ),
    expect: [true, true],
  },
  {
    name: 'a global that the program set',
    run: (pool) => pool.submit(() => [fromTheProgram.answer, globalThis.fromTheProgram?.answer]),
    expect: [42, undefined],
  },
  {
    name: 'default and named exports of a builtin',
    run: (pool) =>
      pool.submit(
        (file) => [exists(file), fs.existsSync(file), typeof fs.promises.readFile],
        fileURLToPath(here),
      ),
    expect: [true, true, 'function'],
  },
  {
    name: 'the namespace of a builtin, by member',
    run: (pool) => pool.submit(() => path.join('a', 'b')),
    expect: path.join('a', 'b'),
  },
  {
    name: 'the namespace of a builtin, whole',
    run: (pool) => pool.submit(() => Object.keys(path).includes('join')),
    expect: true,
    // There it is a Proxy.
    unless: ['vitest'],
  },
  {
    name: 'members taken out of a namespace',
    run: (pool) => pool.submit(() => joinPath('a', 'b') === `a${sep}b`),
    expect: true,
  },
  {
    name: 'a promisified builtin',
    run: (pool) =>
      pool.submit(async (file) => (await readFile(file, 'utf8')).length > 100, fileURLToPath(here)),
    expect: true,
  },
  {
    name: 'a builtin class extended',
    run: (pool) =>
      pool.submit(() => {
        const e = new Emitter();
        e.listen();
        e.emit('say', 'hi');
        return [e.heard, e instanceof EventEmitter];
      }),
    expect: [['hi'], true],
  },
  {
    name: 'a builtin that makes things',
    run: (pool) => pool.submit(() => createHash('sha1').update('a').digest('hex').slice(0, 8)),
    expect: '86f7e437',
  },
  {
    name: 'events.once',
    run: (pool) =>
      pool.submit(async () => {
        const e = new EventEmitter();
        setImmediate(() => e.emit('x', 1));
        return once(e, 'x');
      }),
    expect: [1],
  },
  {
    name: 'process and its members',
    run: async (pool) => (await pool.submit(() => process.pid)) !== process.pid,
    expect: true,
  },
  {
    name: "process.env is the child's",
    run: (pool) => pool.submit((name) => process.env[name] === undefined, 'TROUPE_TEST_NOT_SET'),
    expect: true,
  },
  { name: 'an import of the program', run: (pool) => pool.submit((x) => addTax(x), 100), expect: 119 },
  { name: 'an import of the program, submitted', run: (pool) => pool.submit(addTax, 100), expect: 119 },
  { name: 'a default import', run: (pool) => pool.submit(() => defaultExport(2)), expect: 'default 2' },
  {
    name: 'a namespace import, by member',
    run: (pool) => pool.submit(() => [shapes.addTax(100), new shapes.Shape(2, 3).area()]),
    expect: [119, 6],
  },
  { name: 'an import through an index, renamed', run: (pool) => pool.submit(() => ours(100)), expect: 119 },
  {
    name: 'an imported class, and an instance made there',
    run: (pool) =>
      pool.submit(() => {
        const s = new Shape(2, 3);
        return [s.area(), s instanceof Shape];
      }),
    expect: [6, true],
  },
  {
    name: 'an instance of an imported class, captured',
    run(pool) {
      const shape = new Shape(4, 5);
      return pool.submit(() => [shape.area(), shape instanceof Shape]);
    },
    expect: [20, true],
  },
  {
    name: 'an instance of an imported class comes back',
    run: async (pool) => {
      const shape = await pool.submit(() => new Shape(1, 2));
      return [shape instanceof Shape, shape.area()];
    },
    expect: [true, 2],
  },
  {
    name: 'a class that extends an import',
    run: (pool) => pool.submit(() => [new Square(3).area(), new Square(1) instanceof Shape]),
    expect: [9, true],
  },
  {
    name: "the state of an import is the worker's own",
    run: async (pool) => {
      state.touched = 100;
      touch();
      return (await pool.submit(() => touch())) < 100;
    },
    expect: true,
    unless: ['bundle', 'minified', 'vitest', 'tsx-cjs'],
  },
  {
    name: 'modules that import each other',
    run: (pool) => pool.submit(() => first(3)),
    expect: ['first', 'second', 'first', 'second'],
  },
  {
    name: 'exports of a CommonJS module',
    run: (pool) => pool.submit(() => [configuration.name, configuration.describe('x')]),
    expect: ['configuration', 'configuration x'],
    // There `module.exports` is a Proxy.
    unless: ['vitest'],
  },
  {
    name: 'import.meta.url',
    run: (pool) => pool.submit(() => import.meta.url === here),
    expect: true,
    unless: ['tsx-cjs'],
  },
  {
    name: 'import.meta in a helper',
    run(pool) {
      const helper = () => new URL('.', import.meta.url).href;
      return pool.submit(() => here.startsWith(helper()));
    },
    expect: true,
    unless: ['tsx-cjs'],
  },
  {
    name: 'import.meta.dirname and resolve',
    run: (pool) =>
      pool.submit(() => [
        typeof import.meta.dirname,
        typeof import.meta.filename,
        typeof import.meta.resolve,
      ]),
    expect: ['string', 'string', 'function'],
    unless: ['tsx-cjs', 'vitest'],
  },
  {
    name: 'a dynamic import of a builtin',
    run: (pool) => pool.submit(async () => (await import('node:os')).EOL.length > 0),
    expect: true,
  },
  {
    name: 'a dynamic import of a package',
    run: (pool) => pool.submit(async () => typeof (await import('acorn')).parse),
    expect: 'function',
  },
  {
    name: 'a dynamic import relative to its file',
    run: (pool) => pool.submit(async () => (await import('./support/imported-later.mjs')).later(1)),
    expect: 'later 1',
    unless: ['bundle', 'minified'],
  },
  {
    name: 'require relative to its file',
    run: (pool) => pool.submit(() => [require('node:os').EOL.length > 0, typeof require('acorn').parse]),
    expect: [true, 'function'],
  },
  {
    name: "a require of its own file's folder",
    run: (pool) => pool.submit(() => require('./support/configuration.cjs').name),
    expect: 'configuration',
    unless: ['bundle', 'minified'],
  },
  {
    name: 'setTimeout of timers/promises inside',
    run: (pool) =>
      pool.submit(async () => {
        const { setTimeout: delay } = await import('node:timers/promises');
        return delay(1, 'done');
      }),
    expect: 'done',
  },
];
