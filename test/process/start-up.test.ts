/** Children and programs load little when they start, and the rest when it is needed. */
import { execFileSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Pool } from 'troupe';
import { describe, expect, test } from 'vitest';
import { childEntry } from '../../dist/src/parent/child-entry.js';
import { otherCopies } from '../fixtures/start-up/one-copy.mjs';
import { withPool } from '../helpers/with-pool.ts';

type Jobs = typeof import('../fixtures/start-up/loaded.mjs');
const jobs = new URL('../fixtures/start-up/loaded.mjs', import.meta.url);
const copies = new URL('../fixtures/start-up/one-copy.mjs', import.meta.url);
const program = fileURLToPath(new URL('../fixtures/start-up/program.mjs', import.meta.url));

interface Loaded {
  readonly scripts: readonly string[];
  readonly builtins: readonly string[];
}

/** Without what the test tool has Node load. */
const alone = { execArgv: [] };

/** Coverage is taken of the modules that a child's files are made of. */
describe.skipIf(process.env['NODE_V8_COVERAGE'] !== undefined)('a child', () => {
  test('runs the files that the build made for it', () => {
    expect(childEntry, 'Older than what tsc made: run `npm run build`.').toMatch(/[/\\]entry\.cjs$/u);
  });

  test('loads no package, and no part of troupe that a call by address does not need', async () => {
    const { own, others, builtins } = await withPool(alone, filesLoaded);
    expect(own).toEqual(['entry-shared.cjs', 'entry.cjs']);
    expect(others).toEqual([]);
    for (const heavy of ['inspector', 'child_process', 'crypto', 'http', 'tls', 'worker_threads'])
      expect(builtins).not.toContain(`NativeModule ${heavy}`);
  });

  test('loads the reader of values when one needs it', async () => {
    const { own, others } = await withPool(alone, async (pool) => {
      expect(await pool.module<Jobs>(jobs).unchanged(new Map([[1, undefined]]))).toEqual(
        new Map([[1, undefined]]),
      );
      return filesLoaded(pool);
    });
    expect(own).toEqual(['entry-shared.cjs', 'entry-values.cjs', 'entry.cjs']);
    expect(others).toEqual([]);
  });

  test('loads the maker of closures when one comes, and no parser with it', async () => {
    const { own, others } = await withPool(alone, async (pool) => {
      const base = 40;
      expect(await pool.submit((more: number) => base + more, 2)).toBe(42);
      return filesLoaded(pool);
    });
    expect(own).toEqual(['entry-closures.cjs', 'entry-shared.cjs', 'entry.cjs']);
    expect(others).toEqual([]);
  });
});

/** From Node 22 on, `util` brings `worker_threads`. */
const builtinsOfBareProgram = () => {
  const print = "import 'node:util'; console.log(JSON.stringify(process.moduleLoadList))";
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', print], { encoding: 'utf8' });
  return new Set(JSON.parse(text) as string[]);
};

describe.skipIf(process.env['NODE_V8_COVERAGE'] !== undefined)('a program', () => {
  test('loads no package, and nothing for closures, until it needs them', () => {
    const text = execFileSync(process.execPath, [program], { encoding: 'utf8' });
    const { scripts, builtins } = JSON.parse(text) as Loaded;
    const own = /[/\\]dist[/\\]src[/\\]bundle[/\\](?<name>[^/\\]+)$/u;
    const names = scripts.flatMap((url) => own.exec(url)?.groups?.['name'] ?? []);
    const parts = ['common', 'pool', 'runtime', 'submitter'].map((name) => `index-${name}.cjs`);
    expect(new Set(names), 'Older than what tsc made: run `npm run build`.').toEqual(
      new Set([...parts, 'index.cjs', 'index.js']),
    );
    const others = scripts.filter((url) => !own.test(url) && !/\/(?:loaded|program)\.mjs$/u.test(url));
    expect(others).toEqual([]);
    const unasked = builtinsOfBareProgram();
    for (const heavy of ['inspector', 'crypto', 'http', 'tls', 'worker_threads'])
      expect(builtins.filter((entry) => !unasked.has(entry))).not.toContain(`NativeModule ${heavy}`);
  });
});

describe('there is one copy of troupe', () => {
  test('in a program, whichever way leads to it', () => {
    expect(otherCopies()).toEqual([]);
  });

  test('in a task, the pool it asks for included', async () => {
    const found = await withPool(alone, (pool) =>
      pool.module<typeof import('../fixtures/start-up/one-copy.mjs')>(copies).otherCopies(),
    );
    expect(found).toEqual([]);
  });
});

/** The tasks, and what was captured of this file. */
const asked = /\/(?:loaded\.mjs|start-up\.test\.ts)$/u;

async function filesLoaded(
  pool: Pool,
): Promise<{ own: string[]; others: string[]; builtins: readonly string[] }> {
  const { scripts, builtins } = await pool.module<Jobs>(jobs).loaded();
  const own = /[/\\]dist[/\\]src[/\\]child[/\\](?<name>[^/\\]+)$/u;
  const names = scripts.flatMap((url) => own.exec(url)?.groups?.['name'] ?? []);
  const others = scripts.filter((url) => !own.test(url) && !asked.test(url));
  return { own: names.toSorted(), others, builtins };
}
