/**
 * A function's reference is found from the function alone, however its module was written and loaded: here in
 * this test tool, and in little programs of their own.
 */
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  attachReference,
  importableReference,
  isReferenceKnown,
} from '../../src/codec/function-reference.ts';
import { fixtureUrl, runNode, runProgram, showProgram, type Shown } from '../helpers/reference-programs.ts';

type Fixture = (n: number) => unknown;
interface NotExported {
  readonly notExported: Fixture & { readonly hidden: Fixture; readonly shadow: Fixture };
}

const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
// Imported by this test tool, which transforms them; the compiler leaves fixtures out.
const typed = (await import(fileURLToPath(fixtureUrl('typed.ts')))) as Record<string, Fixture> & NotExported;
const untyped = (await import(fileURLToPath(fixtureUrl('untyped.js')))) as Record<string, Fixture>;
const built = new URL('../../dist/src/codec/function-reference.js', import.meta.url).href;
const entry = import.meta.resolve('troupe');

function at(file: string, name: string): { url: string; name: string } {
  return { url: fixtureUrl(file), name };
}

describe('in this test tool', () => {
  test.each([
    ['a function', typed['resize'], at('typed.ts', 'resize')],
    ['a renamed export', typed['renamed'], at('typed.ts', 'renamed')],
    ['an unnamed default export', typed['default'], at('typed.ts', 'default')],
    ['an arrow function of a JavaScript module', untyped['arrow'], at('untyped.js', 'arrow')],
    ['a named default export', untyped['default'], at('untyped.js', 'default')],
    ['an export of a builtin module', gzipSync, { url: 'node:zlib', name: 'gzipSync' }],
    ['a method of a global object', Math.max, { url: 'global:', name: 'Math.max' }],
  ])('%s', (_what, fn, reference) => {
    expect(importableReference(fn)).toEqual(reference);
    expect(importableReference(fn)).toBe(importableReference(fn));
  });

  test.each([
    ['a function its file does not export', typed.notExported.hidden],
    ['a function that only shares its name with an export', typed.notExported.shadow],
    ['a closure', () => typed],
    ['a proxy', new Proxy(() => 1, {})],
  ])('%s has none', (_what, fn) => {
    expect(importableReference(fn)).toBeUndefined();
    expect(isReferenceKnown(fn)).toBe(true);
  });

  test.each([undefined, null, 'resize', 1, {}])('%s is not a function', (value) => {
    expect(() => importableReference(value)).toThrow(/A task needs a function/u);
  });
});

describe('an attached reference', () => {
  test('is the answer for a proxy, and no trap runs', () => {
    const traps = new Proxy({}, { get: (_target, trap) => assertNever(String(trap)) });
    const handle = new Proxy(notATask, traps);
    const reference = at('jobs.mjs', 'plain');
    expect(attachReference(handle, reference)).toBe(handle);
    expect(importableReference(handle)).toBe(reference);
  });
});

function notATask(): void {}

function assertNever(trap: string): never {
  throw new Error(`the trap ${trap} ran`);
}

describe('in a program of ES modules', () => {
  let shown: Shown;
  beforeAll(async () => {
    shown = await showProgram('modules-main.mjs');
  });

  test.each([
    ['plain', at('jobs.mjs', 'plain')],
    ['arrow', at('jobs.mjs', 'arrow')],
    ['later', at('jobs.mjs', 'later')],
    ['count', at('jobs.mjs', 'count')],
    ['renamed', at('jobs.mjs', 'renamed')],
    ['made', at('jobs.mjs', 'made')],
    ['picked', at('jobs.mjs', 'picked')],
    ['unnamed', at('jobs.mjs', 'default')],
    ['viaIndex', at('jobs.mjs', 'plain')],
    ['defaultViaIndex', at('jobs.mjs', 'default')],
    ['awaited', at('awaits.mjs', 'awaited')],
    ['awaitedDefault', at('awaits.mjs', 'default')],
    ['foo', at('several.cjs', 'foo')],
    ['computed', at('several.cjs', 'computed')],
    ['late', at('several.cjs', 'late')],
    ['single', at('single.cjs', 'default')],
    ['bound', at('compiled.cjs', 'bound')],
    ['spelled', at('compiled.cjs', 'spelled')],
    ['compiledDefault', at('compiled.cjs', 'default')],
    ['gzipSync', { url: 'node:zlib', name: 'gzipSync' }],
    ['readFile', { url: 'node:fs/promises', name: 'readFile' }],
    ['sleep', { url: 'node:timers/promises', name: 'setTimeout' }],
    ['winJoin', { url: 'node:path/win32', name: 'join' }],
    ['max', { url: 'global:', name: 'Math.max' }],
    ['parse', { url: 'global:', name: 'JSON.parse' }],
    ['clone', { url: 'global:', name: 'structuredClone' }],
  ])('%s', (label, reference) => {
    expect(shown.answers[label]).toEqual(reference);
  });

  test.each(['hidden', 'shadow', 'inner', 'named'])('%s, which is no export, has none', (label) => {
    expect(shown.answers[label]).toBeNull();
  });

  test('a class is refused', () => {
    expect(shown.answers['Job']).toMatchObject({
      code: 'ERR_TROUPE_NOT_SERIALIZABLE',
      path: 'function',
      refused: expect.stringContaining('The class `Job` cannot be a task') as string,
    });
  });
});

test('in a CommonJS program', async () => {
  const { answers } = await showProgram('common-main.cjs');
  expect(answers).toMatchObject({
    foo: at('several.cjs', 'foo'),
    computed: at('several.cjs', 'computed'),
    single: at('single.cjs', 'default'),
    plain: at('jobs.mjs', 'plain'),
    own: null,
  });
});

test('in a TypeScript program run by tsx', async () => {
  const { answers } = await showProgram('tsx-main.mts', { execArgv: [tsx] });
  expect(answers).toEqual({
    typed: at('tasks.mts', 'typed'),
    typedRenamed: at('tasks.mts', 'typedRenamed'),
    unnamed: at('tasks.mts', 'default'),
    enumerated: at('enumerated.mts', 'enumerated'),
    commonTyped: at('common/tasks.ts', 'commonTyped'),
    foo: at('several.cjs', 'foo'),
  });
});

test('in a CommonJS TypeScript program run by tsx', async () => {
  const { answers } = await showProgram('common/main.ts', { execArgv: [tsx] });
  expect(answers).toEqual({
    commonTyped: at('common/tasks.ts', 'commonTyped'),
    unnamed: at('common/tasks.ts', 'default'),
    foo: at('several.cjs', 'foo'),
  });
});

test('neither inspector nor parser nor web APIs are loaded before the first ES module function', async () => {
  const code = `import { createRequire } from 'node:module';
    import { gzipSync } from 'node:zlib';
    import { importableReference } from ${JSON.stringify(built)};
    const require = createRequire(${JSON.stringify(fixtureUrl('show.mjs'))});
    importableReference(gzipSync);
    importableReference(Math.max);
    importableReference(require('./single.cjs'));
    const late = /^NativeModule (inspector|internal\\/deps\\/undici.*)$/;
    const loaded = process.moduleLoadList.filter((name) => late.test(name));
    const parsers = Object.keys(require.cache).filter((file) => file.includes('acorn'));
    console.log(JSON.stringify([...loaded, ...parsers]));`;
  expect(JSON.parse(await runNode(['--input-type=module', '-e', code]))).toEqual([]);
});

describe('functions no child can import', () => {
  let outcomes: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    outcomes = await runProgram('captured-main.mjs');
  });

  test.each([
    ['resize', 'an export of the main script', 101],
    ['closure', 'a closure over what is imported', 101],
    ['boundHere', 'a bound function', 2],
    ['compiledHere', 'text compiled at run time', 1],
    ['hidden', 'no export of its file', 100],
    ['shadow', 'only named like an export', 0],
    ['madeByNode', 'made by promisify()', expect.stringContaining('captured-main.mjs')],
  ])('%s, %s, travels by itself', (label, _what, value) => {
    expect(outcomes[label]).toEqual(value);
  });

  test.each([
    ['native', /the native function without a name, which no module exports/u],
    ['proxied', /^closure cannot .*a Proxy/u],
    ['text', /not a value of type string/u],
    ['Job', /The class `Job` cannot be a task/u],
  ])('%s is refused', (label, message) => {
    expect(outcomes[label]).toMatchObject({
      code: 'ERR_TROUPE_NOT_SERIALIZABLE',
      message: expect.stringMatching(message) as string,
    });
  });

  test.each(['module', 'commonjs'])('evaluated text (%s) travels by itself', async (type) => {
    const code = `const offset = 1;
      const task = (n) => n + offset;
      import(${JSON.stringify(entry)}).then(async ({ createPool }) => {
        const pool = createPool({ maxWorkers: 1 });
        console.log(await pool.submit(task, 1));
        await pool.close();
      });`;
    expect(await runNode([`--input-type=${type}`, '-e', code])).toBe('2\n');
  });

  test('without the inspector, what others can look up still has its reference', async () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const { answers } = await showProgram('modules-main.mjs', { execArgv: [flag, '--allow-fs-read=*'] });
    expect(answers['plain']).toBeNull();
    expect(answers['foo']).toEqual(at('several.cjs', 'foo'));
    expect(answers['gzipSync']).toEqual({ url: 'node:zlib', name: 'gzipSync' });
  });
});
