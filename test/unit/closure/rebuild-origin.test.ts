/** What a function made again knows of where it came from: positions, its file, names that were not there. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { explainReferenceError } from '../../../src/codec/closure/rebuild/reference-error.ts';
import { fn, here, type MadeAsync, type MadeClass, only, rebuilder, unit } from './rebuild-samples.ts';

describe('positions', () => {
  const place = { url: 'file:///app/main.mjs', line: 41, column: 7 };

  /** `file:line:column` of the first frame. */
  function placeOf(thrower: () => unknown): string | undefined {
    try {
      thrower();
    } catch (error) {
      return /\(?(file:[^)\s]+)\)?$/mu.exec((error as Error).stack ?? '')?.[1];
    }
    return undefined;
  }

  test.each([
    ['an arrow', unit('() => { throw new Error("here"); }', place), '42:22'],
    ['a second line', unit('() => {\n  throw new Error("here"); }', place), '43:9'],
    ['a first line', unit('() => { throw new Error("here"); }', { ...place, line: 0, column: 0 }), '1:15'],
    [
      'one with many variables',
      unit('() => { throw new Error(a + b); }', { ...place, variables: [...'abcdefghijklmnop'] }),
      '42:22',
    ],
    [
      'a sloppy function',
      unit('function () { throw new Error("here"); }', { ...place, isStrict: false }),
      '42:28',
    ],
    ['a far column', unit('() => { throw new Error("here"); }', { ...place, column: 70_000 }), '42:70015'],
    [
      'one that imports',
      unit('() => { throw new Error("here"); }', { ...place, usesDynamicImport: true }),
      '42:22',
    ],
  ])('in %s are those of the file', (_, code, expected) => {
    const made = only(rebuilder([code]), [{ k: 'function', code: code.id, name: '' }]);
    expect(placeOf(made)).toBe(`file:///app/main.mjs:${expected}`);
  });

  test('in a method and a class are those of the file', () => {
    const method = fn('m() { throw new Error("here"); }', { ...place, form: 'method', key: 'm' });
    expect(placeOf(method)).toBe('file:///app/main.mjs:42:20');
    const code = unit('class A { m() { throw new Error("here"); } }', place);
    const A = only<MadeClass>(rebuilder([code]), [{ k: 'class', id: 'A', code: code.id, name: 'A' }]);
    expect(placeOf(() => new A().m())).toBe('file:///app/main.mjs:42:30');
  });
});

describe('the file a function was written in', () => {
  test('is where `import.meta` is', () => {
    const made = fn('() => $troupeMeta', { usesImportMeta: true });
    const meta = made();
    const file = fileURLToPath(here);
    expect(meta.url).toBe(here);
    expect([meta.filename, meta.dirname, meta.main]).toEqual([file, path.dirname(file), false]);
    expect(meta.resolve('./x.js')).toBe(new URL('x.js', here).href);
    expect(meta.resolve('fs')).toBe('node:fs');
    expect(meta.resolve('acorn')).toMatch(/^file:.*acorn/u);
    expect(fn('() => meta.url', { importMetaName: 'meta', id: 'other' })()).toBe(here);
  });

  test('is where `import()` starts', async () => {
    const made = fn<MadeAsync>('async (name) => (await import(name)).default', { usesDynamicImport: true });
    expect(await made('../../fixtures/references/single.cjs')).toBeTypeOf('function');
  });

  test('is where a stand-in for `import()` starts', async () => {
    const asked: unknown[] = [];
    const code = unit('() => load("./x.js")', { dynamicImportName: 'load' });
    const made = only<MadeAsync>(
      rebuilder([code], {
        importModule: async (specifier, from) => {
          asked.push(specifier, from);
          return { x: 1 };
        },
      }),
      [{ k: 'function', code: code.id, name: '' }],
    );
    expect(await made()).toEqual({ x: 1 });
    expect(asked).toEqual(['./x.js', here]);
  });
});

describe('a name that was not there', () => {
  test('is explained', () => {
    const made = fn('() => nowhere');
    const error = caught(made);
    expect(explainReferenceError(error, ['nowhere'])).toBe(error);
    expect(error.message).toMatch(
      /^nowhere is not defined \(`nowhere` was neither a captured variable nor a global/u,
    );
    expect(error.stack).toContain(error.message);
    const { message } = error;
    expect(explainReferenceError(error, ['nowhere'])).toHaveProperty('message', message);
  });

  test('is left alone if it is another', () => {
    const error = caught(fn('() => nowhere'));
    expect(explainReferenceError(error, ['elsewhere'])).toHaveProperty('message', 'nowhere is not defined');
    expect(explainReferenceError('text', ['text'])).toBe('text');
    expect(explainReferenceError(error)).toHaveProperty('message', 'nowhere is not defined');
  });

  function caught(thrower: () => unknown): Error {
    try {
      thrower();
    } catch (error) {
      if (error instanceof Error) return error;
    }
    throw new Error('nothing was thrown');
  }
});
