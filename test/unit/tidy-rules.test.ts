/** The rules of `tidy.test.ts` see what they are meant to see: each is shown code that breaks it. */
import { describe, expect, test } from 'vitest';
import {
  barrels,
  forbiddenFolders,
  forbiddenPackages,
  importCycles,
  tableIn,
} from '../helpers/tidy-imports.ts';
import { missingOptionals, tiedToHost } from '../helpers/tidy-lock.ts';
import { impurities } from '../helpers/tidy-machines.ts';
import * as shape from '../helpers/tidy-shape.ts';
import { parsedFile } from '../helpers/tidy-source.ts';

const table = tableIn(
  '<!-- t:start -->\n| `machines` | |\n| `src/api` | `machines`, `src/errors.ts` |\n<!-- t:end -->',
  't',
);

test.each([
  ["import { a } from '../codec/a.ts';", 1],
  ["import type { A } from '../codec/a.ts';", 1],
  ["export * from '../codec/a.ts';", 1],
  ["type A = import('../codec/a.ts').A;", 1],
  ["const a = await import('../codec/a.ts');", 1],
  ["const a = require('../codec/a.ts');", 1],
  ["import { a } from '../errors.ts'; import { b } from './b.ts'; import '../../machines/ids.ts';", 0],
])('folders: %s', (text, faults) => {
  expect(forbiddenFolders([parsedFile('src/api/x.ts', text)], table)).toHaveLength(faults);
});

test('packages: a home, no home, and Node itself', () => {
  const homes = new Map([['acorn', ['src/codec']]]);
  const text = "import 'acorn'; import 'left-pad'; import 'node:fs';";
  const faults = (path: string): number => forbiddenPackages([parsedFile(path, text)], homes).length;
  expect([faults('src/codec/x.ts'), faults('src/api/x.ts'), faults('machines/x.ts')]).toEqual([1, 2, 3]);
});

test('circles exist at run time only', () => {
  const circle = (word: string): readonly string[] =>
    importCycles([
      parsedFile('src/a.ts', "import { b } from './b.ts';"),
      parsedFile('src/b.ts', `import ${word} { a } from './a.ts';`),
    ]);
  expect(circle('')).toEqual(['src/a.ts → src/b.ts → src/a.ts']);
  expect(circle('type')).toEqual([]);
});

test('a barrel has nothing of its own', () => {
  const found = barrels([
    parsedFile('src/a.ts', "export { b } from './b.ts';"),
    parsedFile('src/b.ts', "export { c } from './c.ts'; export const b = 1;"),
    parsedFile('src/c.ts', "export const c = 1; export * from './d.ts';"),
  ]);
  expect(found).toEqual(['src/a.ts', 'src/c.ts']);
});

test.each([
  'const a = Date.now();',
  'const a = Math.random();',
  'const a = async () => {};',
  'const a = { invoke: {} };',
  "const a = { type: 'final' };",
  "import { fromPromise } from 'xstate';",
])('machines: %s', (text) => {
  expect(impurities(parsedFile('machines/x.ts', text))).toHaveLength(1);
});

/** So that this file does not break the rule itself. */
const written = (...parts: readonly string[]): string => parts.join('');

describe('shape', () => {
  const file = (text: string, path = 'src/x.ts'): ReturnType<typeof parsedFile> => parsedFile(path, text);

  test('sizes', () => {
    expect(shape.bigFunctions(file(`const f = () => {${'\n'.repeat(60)}};`))).toHaveLength(1);
    expect(shape.bigFunctions(file('function f(a, b, c, d, e, f, g) {}'))).toHaveLength(1);
    expect(shape.longLines([file(`// ${'x'.repeat(108)}`)])).toHaveLength(1);
    expect(shape.longFiles([file('a;\n'.repeat(4))], () => 3)).toHaveLength(1);
  });

  test('names and words', () => {
    const names = [
      'src/childProcess.ts',
      'src/codec-utils.ts',
      'src/common/codec.ts',
      'src/commonjs-exports.ts',
    ];
    expect(shape.badNames(names.map((path) => file('', path)))).toEqual(names.slice(0, 3));
    expect(shape.purposeless([file('/** Holds x. */'), file('// Holds x.')])).toHaveLength(1);
    expect(shape.wrongWords(file('const jobQueue = 1, newThread = 2, threadless = 3;'))).toHaveLength(2);
    expect(shape.unfinished([file(`// ${written('TO', 'DO')}: more`)])).toHaveLength(1);
    expect(
      shape.machinePaths([file(`// ${written('/ho', 'me/ada')}`), file('// src/work/x, docs/home/x')]),
    ).toHaveLength(1);
  });

  test('exits and any', () => {
    expect(shape.processExits(file('process.exit(1); process.exitCode = 1;'))).toHaveLength(1);
    expect(shape.anyTypes(file('export declare const a: any; // any', 'dist/x.d.ts'))).toHaveLength(1);
  });
});

test('the lock file', () => {
  const packages = {
    'node_modules/a': { optionalDependencies: { b: '1', c: '1', d: '1' }, resolved: 'https://host/a.tgz' },
    'node_modules/a/node_modules/b': {},
    'node_modules/c': {},
  };
  expect(missingOptionals({ packages })).toEqual(['node_modules/a wants d']);
  expect(tiedToHost({ packages })).toHaveLength(1);
});
