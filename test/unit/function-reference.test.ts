/**
 * A function's reference is found from the function alone, however its module was written and loaded: here in
 * this test tool, and in little programs of their own.
 */
import { gzipSync } from 'node:zlib';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { attachReference, referenceOf } from '../../src/codec/function-reference.ts';
import { NotSerializableError } from '../../src/errors.ts';
import { fixtureUrl, runNode, showProgram, type Shown } from '../helpers/reference-programs.ts';

type Fixture = (n: number) => unknown;
interface NotExported {
  readonly notExported: Fixture & { readonly hidden: Fixture; readonly shadow: Fixture };
}

const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
// Imported by this test tool, which transforms them; the compiler leaves fixtures out.
const typed = (await import(fileURLToPath(fixtureUrl('typed.ts')))) as Record<string, Fixture> & NotExported;
const untyped = (await import(fileURLToPath(fixtureUrl('untyped.js')))) as Record<string, Fixture>;
const built = new URL('../../dist/src/codec/function-reference.js', import.meta.url).href;
const advice = "use pool.module(new URL('./jobs.js', import.meta.url))";

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
    expect(referenceOf(fn)).toEqual(reference);
    expect(referenceOf(fn)).toBe(referenceOf(fn));
  });

  test('a function its file does not export is refused', () => {
    expect(() => referenceOf(typed.notExported.hidden)).toThrow(/`hidden` .*is not an export of its file/u);
  });

  test('a function that only shares its name with an export is refused', () => {
    expect(() => referenceOf(typed.notExported.shadow)).toThrow(/`resize` .*is not an export of its file/u);
  });

  test('a closure is refused', () => {
    const captured = 1;
    expect(() => referenceOf(() => captured)).toThrow(NotSerializableError);
  });

  test.each([undefined, null, 'resize', 1, {}])('%s is not a function', (value) => {
    expect(() => referenceOf(value)).toThrow(/A task needs a function/u);
  });
});

describe('an attached reference', () => {
  test('is the answer for a proxy, and no trap runs', () => {
    const traps = new Proxy({}, { get: (_target, trap) => assertNever(String(trap)) });
    const handle = new Proxy(notATask, traps);
    const reference = at('jobs.mjs', 'plain');
    expect(attachReference(handle, reference)).toBe(handle);
    expect(referenceOf(handle)).toBe(reference);
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

  test.each([
    ['hidden', /`hidden` \(.*jobs\.mjs:\d+\) is not an export of its file/u],
    ['shadow', /`plain` \(.*jobs\.mjs:\d+\) is not an export/u],
    ['inner', /The unnamed function \(.*jobs\.mjs:\d+\) is not an export/u],
    ['named', /is not an export of its file/u],
    ['Job', /The class `Job` cannot be a task/u],
  ])('%s is refused', (label, message) => {
    expect(shown.answers[label]).toMatchObject({
      code: 'ERR_TROUPE_NOT_SERIALIZABLE',
      path: 'function',
      refused: expect.stringMatching(message) as string,
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
    own: { refused: expect.stringContaining('belongs to the main script') as string },
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
    import { referenceOf } from ${JSON.stringify(built)};
    const require = createRequire(${JSON.stringify(fixtureUrl('show.mjs'))});
    referenceOf(gzipSync);
    referenceOf(Math.max);
    referenceOf(require('./single.cjs'));
    const late = /^NativeModule (inspector|internal\\/deps\\/undici.*)$/;
    const loaded = process.moduleLoadList.filter((name) => late.test(name));
    const parsers = Object.keys(require.cache).filter((file) => file.includes('acorn'));
    console.log(JSON.stringify([...loaded, ...parsers]));`;
  expect(JSON.parse(await runNode(['--input-type=module', '-e', code]))).toEqual([]);
});

describe('functions no child can import', () => {
  let shown: Shown;
  beforeAll(async () => {
    shown = await showProgram('refused-main.mjs');
  });

  test.each([
    ['resize', /`resize` \(.*refused-main\.mjs:8\) belongs to the main script/u],
    ['closure', /`closure` .* belongs to the main script/u],
    ['boundHere', /`bound plain` was made with bind\(\)/u],
    ['compiledHere', /written in text that was compiled at run time/u],
    ['proxied', /A Proxy of a function/u],
  ])('%s is refused with what to do instead', (label, message) => {
    const refused = shown.answers[label]?.refused;
    expect(refused).toMatch(message);
    expect(refused).toContain(advice);
  });

  test.each([
    ['native', /The native function `push` cannot be sent/u],
    ['madeByNode', /made by Node itself \(in node:internal\/util\)/u],
    ['text', /not a value of type string/u],
  ])('%s is refused', (label, message) => {
    expect(shown.answers[label]?.refused).toMatch(message);
  });

  test('closures are promised for later', () => {
    expect(shown.answers['closure']?.refused).toContain('closures travel in a later version');
  });

  test.each([['module'], ['commonjs']])('a function of evaluated text (%s) is refused', async (type) => {
    const code = `const task = () => 1;
      import(${JSON.stringify(built)})
        .then(({ referenceOf }) => referenceOf(task)).catch((error) => console.log(error.message))`;
    const message = await runNode([`--input-type=${type}`, '-e', code]);
    expect(message).toMatch(/`task` was written in .*eval.*, which is not a file a child could import/u);
    expect(message).toContain(advice);
  });

  test('without the inspector, the message names pool.module', async () => {
    const flag = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const { answers } = await showProgram('modules-main.mjs', { execArgv: [flag, '--allow-fs-read=*'] });
    expect(answers['plain']?.refused).toMatch(/node:inspector is not available .*pool\.module/su);
    expect(answers['foo']).toEqual(at('several.cjs', 'foo'));
    expect(answers['gzipSync']).toEqual({ url: 'node:zlib', name: 'gzipSync' });
  });
});
