/** What tasks leave behind, in the worker and in the parent (H). */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { Pool } from 'troupe';
import { expect } from 'vitest';
import type * as finalizers from '../../fixtures/conformance/finalizers.mjs';
import { leaks, openFiles } from '../../fixtures/conformance/tasks.mjs';
import { nextEvent, openFolder } from '../../helpers/open-pool.ts';
import { waitUntil } from '../../helpers/processes.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('memory');

scenario('H114', { timeout: 120_000 }, async ({ open }) => {
  const pool = open({ maxWorkers: 1, recycle: { rssGrowthBytes: 300e6 } });
  const pids = new Set<number>();
  for (let round = 0; round < 300; round += 1) {
    const { pid, rssBytes } = await pool.submit(leaks, 3_000_000);
    pids.add(pid);
    expect(rssBytes).toBeLessThan(650e6);
  }
  expect(pids.size).toBeGreaterThan(1);
  expect(pool.stats()).toMatchObject({ fulfilled: 300, lost: 0, workersLost: 0 });
});

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

class Holder {
  readonly answer: number;
  constructor(answer: number) {
    this.answer = answer;
  }
  ask(): number {
    return this.answer;
  }
}

/** Nothing is left of the task but what the pool keeps. */
async function submitAndForget(pool: Pool): Promise<WeakRef<Holder>[]> {
  const [bound, argument] = [new Holder(42), new Holder(43)];
  const settled = nextEvent(pool, 'taskSettled', ({ name }) => name === 'the second');
  void pool.submit(bound.ask.bind(bound));
  void pool.with({ name: 'the second' }).submit((holder) => holder.ask(), argument);
  expect(await settled).toMatchObject({ outcome: 'fulfilled' });
  return [new WeakRef(bound), new WeakRef(argument)];
}

scenario('H116', async ({ open }) => {
  const references = await submitAndForget(open());
  await waitUntil('nobody holds what the tasks were given', () => {
    collectGarbage();
    return references.every((reference) => reference.deref() === undefined);
  });
});

scenario('H116', { detail: 'in the worker' }, async ({ open }) => {
  const pool = open({ execArgv: ['--expose-gc'] });
  const module = pool.module<typeof finalizers>(
    new URL('../../fixtures/conformance/finalizers.mjs', import.meta.url),
  );
  await module.watches({ plain: true });
  await module.watches(new Map([['a', new Holder(1)]]));
  expect(await module.awaitsCollection()).toBe(2);
});

scenario('H117', { needsLinux: true }, async ({ open }) => {
  const before = await open().submit(openFiles);
  const file = join(openFolder(), 'open');
  const held = Array.from({ length: 20 }, () => openSync(file, 'w'));
  try {
    const after = await open().submit(openFiles);
    expect(after).not.toContain(file);
    expect(after.length).toBe(before.length);
  } finally {
    for (const descriptor of held) closeSync(descriptor);
  }
});
