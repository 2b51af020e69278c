/** A child loads little when it starts, and the rest when it is needed. */
import process from 'node:process';
import type { Pool } from 'troupe';
import { describe, expect, test } from 'vitest';
import { childEntry } from '../../dist/src/parent/child-entry.js';
import { withPool } from '../helpers/with-pool.ts';

type Jobs = typeof import('../fixtures/start-up/loaded.mjs');
const jobs = new URL('../fixtures/start-up/loaded.mjs', import.meta.url);

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
