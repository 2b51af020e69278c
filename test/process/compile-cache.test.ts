/** Children keep compiled code where Node does, unless they must not. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withPool } from '../helpers/with-pool.ts';

type Jobs = typeof import('../fixtures/start-up/loaded.mjs');
const jobs = new URL('../fixtures/start-up/loaded.mjs', import.meta.url);
const hasCache = 'enableCompileCache' in module && process.env['NODE_V8_COVERAGE'] === undefined;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'troupe-compile-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const cacheWith = (env: Record<string, string | undefined>): Promise<string | undefined> =>
  withPool({ execArgv: [], env: { TMPDIR: folder, NODE_COMPILE_CACHE: undefined, ...env } }, async (pool) => {
    const found = await pool.module<Jobs>(jobs).cacheFolder();
    await pool.close();
    return found;
  });

describe.skipIf(!hasCache || process.platform === 'win32')('the compile cache of children', () => {
  test('is where Node has it, and is written when a child leaves', async () => {
    expect(await cacheWith({})).toContain(path.join(folder, 'node-compile-cache'));
    expect(files(folder).length).toBeGreaterThan(0);
  });

  test('is where NODE_COMPILE_CACHE says', async () => {
    const own = path.join(folder, 'own');
    expect(await cacheWith({ NODE_COMPILE_CACHE: own })).toContain(own);
    expect(files(own).length).toBeGreaterThan(0);
  });

  test('is off with NODE_DISABLE_COMPILE_CACHE', async () => {
    expect(await cacheWith({ NODE_DISABLE_COMPILE_CACHE: '1' })).toBeUndefined();
    expect(files(folder)).toEqual([]);
  });

  test('is done without where it cannot be written', async () => {
    expect(await cacheWith({ TMPDIR: path.join(jobs.pathname, 'no-folder') })).toBeUndefined();
  });
});

function files(root: string): string[] {
  return existsSync(root) ? readdirSync(root, { recursive: true }).map(String) : [];
}
