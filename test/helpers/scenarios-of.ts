/**
 * Tests that are rows of the page on loky: each is named by its row, and what must hold after any of them is
 * looked at in the end. A row without a test fails its file, and so does a test without a row.
 */
import process from 'node:process';
import { createPool, type Pool, type PoolOptions } from 'troupe';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { add } from '../fixtures/life/answers.mjs';
import { lokyScenarios, type LokyScenario } from './loky-scenarios.ts';
import { openPool } from './open-pool.ts';
import { waitUntilAlone } from './own-processes.ts';

/** What a scenario is played with. */
export interface Stage {
  /** A pool of one silent worker, unless the options say otherwise, which is asked and closed afterwards. */
  open(options?: PoolOptions): Pool;
  /** A pool of two that all scenarios of a file share. It answers after each of them. */
  readonly shared: Pool;
}

export interface ScenarioOptions {
  /** Tells the tests of one row apart. */
  readonly detail?: string;
  /** It looks at processes as only Linux shows them. */
  readonly needsLinux?: boolean;
  /** Something that it needs is missing here. */
  readonly isOff?: boolean;
  readonly timeout?: number;
}

type Play = (stage: Stage) => Promise<unknown>;

interface DeclareScenario {
  (id: string, play: Play): void;
  (id: string, options: ScenarioOptions, play: Play): void;
}

/** Declares the tests of the rows that name this file. */
export function scenariosOf(file: string): DeclareScenario {
  const rows = new Map(lokyScenarios.filter(({ shownBy }) => shownBy === file).map((row) => [row.id, row]));
  const missing = new Set(rows.keys());
  const stage = openStage();
  afterAll(() => {
    expect([...missing], 'rows of the page that have no test here').toEqual([]);
  });
  return (id, ...[first, second]: [Play] | [ScenarioOptions, Play]) => {
    const [options, play] = second === undefined ? [{}, first as Play] : [first as ScenarioOptions, second];
    const row = rows.get(id);
    if (row === undefined) throw new Error(`The page has no row ${id} that is shown by ${file}.`);
    missing.delete(id);
    const { needsLinux = false, isOff = false, timeout = 60_000 } = options;
    const isMissing = row.pending !== null || isOff || (needsLinux && process.platform !== 'linux');
    // oxlint-disable-next-line vitest/valid-title -- the row is the title
    test.skipIf(isMissing)(titleOf(row, options), { timeout }, () => perform(play, stage.shared));
  };
}

function titleOf({ id, what, pending }: LokyScenario, { detail }: ScenarioOptions): string {
  const title = detail === undefined ? `${id}: ${what}` : `${id}: ${what} (${detail})`;
  return pending === null ? title : `${title} [waits for ${pending}]`;
}

function openStage(): { shared: Pool } {
  const stage = {} as { shared: Pool };
  beforeAll(() => {
    stage.shared = createPool({ name: 'shared', maxWorkers: 2, stdio: 'ignore' });
  });
  afterAll(async () => {
    await stage.shared.close();
    expect(stage.shared.workers, 'workers of the shared pool, when it is closed').toEqual([]);
    await waitUntilAlone([]);
  });
  return stage;
}

async function perform(play: Play, shared: Pool): Promise<void> {
  const pools: Pool[] = [];
  const open = (options?: PoolOptions): Pool => {
    const pool = openPool(options);
    pools.push(pool);
    return pool;
  };
  await play({ open, shared });
  const alive = [shared, ...pools].filter(({ state }) => state === 'running');
  expect(alive, 'pools that are still there').toContain(shared);
  const sums = await Promise.all(alive.map((pool) => pool.submit(add, 1, 2)));
  expect(sums, 'what the pools answer afterwards').toEqual(alive.map(() => 3));
  await Promise.all(pools.map((pool) => pool.close()));
  expect(
    pools.flatMap(({ workers }) => workers),
    'workers of closed pools',
  ).toEqual([]);
  await waitUntilAlone(shared.workers.map(({ pid }) => pid));
}
