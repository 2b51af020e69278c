/**
 * What the pages say is true: each program on them compiles, runs and prints what it says; each link leads
 * somewhere.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localLinksIn, type Sample, samplesIn } from '../helpers/page-samples.ts';
import { filesOf, root } from '../helpers/tidy-source.ts';

const pages = filesOf(existsSync(path.join(root, 'README.md')) ? ['README.md', 'docs'] : ['docs'], /\.md$/u);
const samples = pages.flatMap((page) => samplesIn(page.path, page.text));

// In the package, so that the samples import `troupe` by its name; one folder per run, for runs side by side.
const folder = path.join(root, 'test/.samples', String(process.pid));
const folderOf = (sample: Sample): string => sample.name.replaceAll(/[^\w.-]/gu, '_');

const settings = {
  extends: path.join(root, 'tsconfig.base.json'),
  compilerOptions: {
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    rootDir: '.',
    outDir: './out',
    types: ['node'],
  },
  include: ['./*/*.ts'],
};

let compilerSays = '';

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  for (const sample of samples) {
    const place = path.join(folder, folderOf(sample));
    mkdirSync(place, { recursive: true });
    for (const [name, code] of sample.files) writeFileSync(path.join(place, name), code);
  }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', '.'], { cwd: folder, encoding: 'utf8' });
  compilerSays = stdout;
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('every program on a page', () => {
  test.each(samples)('$name', (sample) => {
    const own = compilerSays.split('\n').filter((line) => line.startsWith(`${folderOf(sample)}/`));
    expect(own, 'the compiler says').toEqual([]);
    const { status, stdout, stderr } = spawnSync(process.execPath, ['sample.js'], {
      cwd: path.join(folder, 'out', folderOf(sample)),
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(status, stderr).toBe(0);
    expect(stderr).not.toContain('Warning:');
    if (sample.prints.length > 0) expect(stdout.trimEnd().split('\n')).toEqual(sample.prints);
  });

  test('is found', () => {
    expect(samples.length).toBeGreaterThan(0);
  });
});

test('every link of a page leads to a file', () => {
  const isDead = (page: string, link: string): boolean =>
    !existsSync(path.join(root, link.startsWith('/') ? '.' : path.dirname(page), link));
  const dead = pages.flatMap(({ path: page, text }) =>
    localLinksIn(text)
      .filter((link) => isDead(page, link))
      .map((link) => `${page} → ${link}`),
  );
  expect(dead).toEqual([]);
});
