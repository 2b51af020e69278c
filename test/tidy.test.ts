/**
 * The project's own rules. Each test lists the places that break one; ARCHITECTURE.md has the rules on
 * imports.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as errors from '../src/errors.ts';
import * as tidyImports from './helpers/tidy-imports.ts';
import { type Lock, missingOptionals, tiedToHost } from './helpers/tidy-lock.ts';
import { impurities } from './helpers/tidy-machines.ts';
import * as tidyShape from './helpers/tidy-shape.ts';
import { filesOf, isNode, nameOf, parsedFilesOf, placeOf, root } from './helpers/tidy-source.ts';

const code = parsedFilesOf(['src', 'machines'], /\.ts$/u);
const machines = code.filter((file) => file.path.startsWith('machines/'));
const tests = filesOf(['test'], /\.m?ts$/u).filter((file) => !file.path.startsWith('test/fixtures/'));
const everything = filesOf(
  ['.ci', 'docs', 'machines', 'src', 'test', 'README.md', 'CHANGELOG.md', 'package.json'].filter((place) =>
    existsSync(path.join(root, place)),
  ),
  /(?:^|\/)[^/]+$/u,
);

describe('imports', () => {
  const architecture = readFileSync(path.join(root, 'docs/internals/ARCHITECTURE.md'), 'utf8');
  const folders = tidyImports.tableIn(architecture, 'import-table');
  const packages = tidyImports.tableIn(architecture, 'package-table');

  test('go between folders only as the table allows', () => {
    expect(tidyImports.forbiddenFolders(code, folders)).toEqual([]);
  });

  test('name a package only in the files the table gives it', () => {
    expect(tidyImports.forbiddenPackages(code, packages)).toEqual([]);
  });

  test('name every dependency the package has, and no other', () => {
    const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const listed = [...packages.keys()].filter((name) => !name.startsWith('node:'));
    expect(listed.toSorted()).toEqual(Object.keys(dependencies).toSorted());
  });

  test('make no circle', () => {
    expect(tidyImports.importCycles(code)).toEqual([]);
  });

  test('pass through no barrel but the public entries', () => {
    const entries = new Set(['machines/index.ts', 'src/index.ts', 'src/verify/index.ts']);
    expect(tidyImports.barrels(code.filter((file) => !entries.has(file.path)))).toEqual([]);
  });
});

test('machines only turn an event into a state and commands', () => {
  expect(machines.length).toBeGreaterThan(0);
  expect(machines.flatMap(impurities)).toEqual([]);
});

describe('sizes', () => {
  test('of files', () => {
    const max = (file: { path: string }): number =>
      /^machines\/\w+\/machine\.ts$/u.test(file.path) ? 600 : 300;
    expect(tidyShape.longFiles([...code, ...tests], max)).toEqual([]);
  });

  test('of functions and their parameters', () => {
    expect(code.flatMap(tidyShape.bigFunctions)).toEqual([]);
  });

  test('of lines', () => {
    expect(tidyShape.longLines([...code, ...tests])).toEqual([]);
  });
});

describe('names and words', () => {
  test('files are in kebab-case and say what they hold', () => {
    expect(tidyShape.badNames(code)).toEqual([]);
  });

  test('a file begins with its purpose', () => {
    expect(tidyShape.purposeless(code)).toEqual([]);
  });

  test('a call is a task and a child is a process, by name', () => {
    // The adapters have to spell these as the packages do that they stand in for.
    const theirs =
      /^src\/compat\/.* (?:enableWorkerThreads|(?:min|max)Threads|threadId|threads|isWorkerThread)$/u;
    expect(code.flatMap(tidyShape.wrongWords).filter((found) => !theirs.test(found))).toEqual([]);
  });

  test('nothing is left to do', () => {
    const own = new Set(['test/tidy.test.ts', 'test/helpers/tidy-shape.ts']);
    expect(tidyShape.unfinished(everything.filter((file) => !own.has(file.path)))).toEqual([]);
  });

  test("no path of anybody's machine is written down", () => {
    expect(tidyShape.machinePaths(everything)).toEqual([]);
  });
});

test('only a child, the command line, and a signal that asked for it end the process', () => {
  const mayEnd = /^src\/(?:child\/|cli\/|api\/close-on-signal\.ts$)/u;
  const others = code.filter((file) => !mayEnd.test(file.path));
  expect(others.flatMap(tidyShape.processExits)).toEqual([]);
});

test('no exported type is any', () => {
  const declarations = parsedFilesOf(['dist'], /\.d\.ts$/u);
  expect(declarations.length, 'npm run build makes dist/').toBeGreaterThan(0);
  expect(declarations.flatMap(tidyShape.anyTypes)).toEqual([]);
});

describe('errors', () => {
  const classes = Object.entries(errors).filter(([, value]) => typeof value === 'function');

  test('are all made from TroupeError, in one file', () => {
    const strays = code
      .filter((file) => file.path !== 'src/errors.ts')
      .flatMap((file) =>
        file.nodes
          .filter((node) => isNode(node['superClass']) && (nameOf(node['superClass']) ?? '') in errors)
          .map((node) => placeOf(file, node)),
      );
    expect(strays).toEqual([]);
    // Not `instanceof`: that goes by brand.
    const isOurs = (value: object): boolean =>
      value === errors.TroupeError || Object.prototype.isPrototypeOf.call(errors.TroupeError, value);
    expect(classes.filter(([, value]) => !isOurs(value)).map(([name]) => name)).toEqual([]);
  });

  test('have each a code of their own', () => {
    const codes = classes.map(([, value]) => value.code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const each of codes) expect(each).toMatch(/^ERR_TROUPE(?:_[A-Z]+)*$/u);
  });

  test('are all public', async () => {
    const entry: object = await import('troupe');
    expect(classes.map(([name]) => name).filter((name) => !(name in entry))).toEqual([]);
  });

  test('are all explained, each under an anchor of its code', () => {
    const page = readFileSync(path.join(root, 'docs/reference/errors.md'), 'utf8');
    const isExplained = (each: string): boolean =>
      new RegExp(`^#+ .*\\b${each}\\b|<a (?:id|name)="${each}"`, 'imu').test(page);
    expect(classes.map(([, value]) => value.code).filter((each) => !isExplained(each))).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as Lock;

  test('has the binaries of every platform', () => {
    expect(missingOptionals(lock)).toEqual([]);
  });

  test('is tied to no registry', () => {
    expect(tiedToHost(lock)).toEqual([]);
  });
});
