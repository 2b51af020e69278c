import fs from 'node:fs';
import { createRequire } from 'node:module';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import * as streams from 'node:stream/web';
import vm from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import {
  builtinExport,
  commonJsExport,
  globalAt,
  globalPath,
  isNodeGlobal,
  isPristineGlobal,
} from '../../../src/codec/closure/known.ts';
import { withFolder } from '../../helpers/with-folder.ts';

const undo: (() => void)[] = [];

afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

/** Puts a property in the place of one, for the time of a test. */
function replace(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  const original = Object.getOwnPropertyDescriptor(holder, key);
  Object.defineProperty(holder, key, { configurable: true, ...descriptor });
  undo.push(() => {
    Reflect.deleteProperty(holder, key);
    if (original !== undefined) Object.defineProperty(holder, key, original);
  });
}

function getterOf(holder: object, key: PropertyKey): object {
  return Object(Object.getOwnPropertyDescriptor(holder, key)?.get);
}

const asyncFunction = Object.getPrototypeOf(async () => {}) as object;

describe('globalPath', () => {
  const globals: [name: string, value: object][] = [
    ['globalThis', globalThis],
    ['Math.max', Math.max],
    ['Array.prototype.push', Array.prototype.push],
    ['Function.prototype', Function.prototype],
    ['Intl.DateTimeFormat.prototype', Intl.DateTimeFormat.prototype],
    ['Reflect', Reflect],
    ['Map.prototype.get size', getterOf(Map.prototype, 'size')],
    ['RegExp.get @@species', getterOf(RegExp, Symbol.species)],
    ['RegExp.prototype.@@replace', RegExp.prototype[Symbol.replace]],
    ['%AsyncFunction', asyncFunction.constructor],
    ['%AsyncFunction.prototype', asyncFunction],
    ['%TypedArray', Object.getPrototypeOf(Uint8Array) as object],
    ['process', process],
    ['process.env', process.env],
    ['process.hrtime.bigint', process.hrtime.bigint],
    ['Buffer', Buffer],
    ['Buffer.prototype', Buffer.prototype],
    ['URL', URL],
    ['URL.prototype', URL.prototype],
    ['fetch', fetch],
    ['structuredClone', structuredClone],
    ['ReadableStream', streams.ReadableStream],
    ['ReadableStream.prototype', streams.ReadableStream.prototype],
    ['crypto', crypto],
    ['performance', performance],
  ];

  test.each(globals)('%s', (name, value) => {
    const path = globalPath(value);
    expect(path?.join('.')).toBe(name);
    expect(globalAt(path ?? [])).toBe(value);
  });

  test('nothing of the program is taken for a global', () => {
    const mapLike = Object.defineProperty(() => 1, 'name', { value: 'Map' });
    const own = [{}, [], () => 1, mapLike, new URL('a:b'), Math.max.bind(null), new Proxy(Math.max, {})];
    for (const value of own) expect(globalPath(value)).toBeUndefined();
  });

  test('nor what it has put in the place of one', () => {
    const mine = (): number => 1;
    replace(Array.prototype, 'map', { value: mine });
    replace(globalThis, 'setTimeout', { value: mine });
    replace(Object, 'own', { value: mine });
    expect(globalPath(mine)).toBeUndefined();
  });

  test("the console, be it Node's or one that a test tool has made of Node's class", () => {
    const original = process.getBuiltinModule('node:console');
    expect(globalPath(original)).toEqual(['console']);
    expect(globalPath(console)).toEqual(['console']);
    expect(isPristineGlobal('console')).toBe(true);
    expect(globalPath(new original.Console(process.stdout))).toBeUndefined();
  });

  test('what is nowhere', () => {
    expect(globalAt(['Math', 'nothing', 'at', 'all'])).toBeUndefined();
    expect(globalAt(['%Nothing'])).toBeUndefined();
    expect(globalAt([])).toBeUndefined();
  });
});

describe('isPristineGlobal', () => {
  test.each(['undefined', 'NaN', 'Math', 'Map', 'globalThis', 'global', 'process', 'Buffer', 'URL', 'fetch'])(
    '%s is as it was',
    (name) => {
      expect(isPristineGlobal(name)).toBe(true);
      expect(isNodeGlobal(name)).toBe(true);
    },
  );

  test('a value of the program is not', () => {
    const fail = (): never => {
      throw new Error('a getter has run');
    };
    replace(globalThis, 'DataView', { value: function DataView() {} });
    replace(globalThis, 'fetch', { value: async () => null });
    replace(globalThis, 'clearTimeout', { value: setTimeout });
    replace(globalThis, 'structuredClone', { value: new Proxy(structuredClone, {}) });
    replace(globalThis, 'crypto', { get: fail });
    replace(globalThis, 'performance', { value: new Date() });
    replace(globalThis, 'console', { value: { log: fail } });
    const replaced = [
      'DataView',
      'fetch',
      'clearTimeout',
      'structuredClone',
      'crypto',
      'performance',
      'console',
    ];
    for (const name of replaced) {
      expect([name, isPristineGlobal(name)]).toEqual([name, false]);
      expect(isNodeGlobal(name)).toBe(true);
    }
  });

  test('a name of the program is not', () => {
    replace(globalThis, 'ownGlobal', { value: 1 });
    expect([isPristineGlobal('ownGlobal'), isNodeGlobal('ownGlobal')]).toEqual([false, false]);
    expect([isPristineGlobal('absent'), isNodeGlobal('absent')]).toEqual([false, false]);
  });
});

describe('builtinExport', () => {
  test.each([
    ['node:fs', 'default', fs],
    ['node:fs', 'readFile', fs.readFile],
    ['node:fs', 'constants', fs.constants],
    ['node:fs/promises', 'default', fs.promises],
    ['node:fs/promises', 'readFile', fs.promises.readFile],
    ['node:vm', 'Script', vm.Script],
  ])('%s: %s', (specifier, name, value) => {
    expect(builtinExport(value)).toEqual({ specifier, name });
  });

  test('a namespace object', async () => {
    const text = `export * as fs from 'node:fs'`;
    const loaded: unknown = await import(`data:text/javascript,${text}`);
    expect(builtinExport(Object(loaded))).toBeUndefined();
    expect(builtinExport(Object(Reflect.get(Object(loaded), 'fs')))).toEqual({
      specifier: 'node:fs',
      name: '*',
    });
  });

  test('a module loaded meanwhile', () => {
    const names = ['node:dgram', 'node:readline'];
    for (const name of names) {
      expect(builtinExport({})).toBeUndefined();
      expect(builtinExport(process.getBuiltinModule(name) as object)).toEqual({
        specifier: name,
        name: 'default',
      });
    }
  });

  test('nothing the program has put there', () => {
    const mine = { open: () => 1, data: { a: 1 } };
    replace(process.getBuiltinModule('node:querystring'), 'parse', { value: mine.open, enumerable: true });
    replace(process.getBuiltinModule('node:string_decoder'), 'own', { value: mine });
    for (const value of [mine, mine.open, mine.data, {}, () => 1])
      expect(builtinExport(value)).toBeUndefined();
  });
});

describe('commonJsExport', () => {
  const load = createRequire(import.meta.url);

  test('exports of a module, whole and by name, even those loaded meanwhile', async () => {
    await withFolder(async (folder) => {
      const file = join(folder, 'made.cjs');
      await writeFile(
        file,
        `const hidden = { h: 1 };
        exports.table = { t: 1 };
        exports.fn = () => 1;
        Object.defineProperty(exports, 'hidden', { get: () => hidden });
        Object.defineProperty(exports, 'fails', { get: () => { throw new Error('a getter has run'); } });`,
      );
      expect(commonJsExport({})).toBeUndefined();
      await new Promise(setImmediate);
      const exported = load(file) as Record<'table' | 'fn' | 'hidden', object>;
      expect(commonJsExport(exported)).toEqual({ file, name: null });
      expect(commonJsExport(exported.table)).toEqual({ file, name: 'table' });
      expect(commonJsExport(exported.fn)).toEqual({ file, name: 'fn' });
      expect(commonJsExport(exported.hidden)).toEqual({ file, name: 'hidden' });
      expect(commonJsExport({ ...exported.table })).toBeUndefined();
    });
  });
});
