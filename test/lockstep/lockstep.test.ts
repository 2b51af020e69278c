/** The model of the pool and the real pool with real child processes, step by step: a sample of the paths. */
import { expect, test } from 'vitest';
import { coveringPaths } from '../../src/verify/paths.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import { bundleChild } from './bundle.ts';
import { Control } from './control.ts';
import { play } from './play.ts';
import { planOf } from './plan.ts';
import { assign, runAll } from './run.ts';
import { scopes } from './scopes.ts';

test('the pool does what the model does', { timeout: 120_000 }, async () => {
  const { all } = assign(scopes, 1);
  const report = await runAll(all, 3);
  expect(report.story ?? 'They agree.').toBe('They agree.');
  expect(report.agreed + report.dropped).toBe(all.length);
  expect(report.dropped).toBeLessThan(all.length / 10);
  expect(report.processes).toBeGreaterThan(all.length / 2);
});

test('a pool that does otherwise is noticed, with the way there', { timeout: 60_000 }, async () => {
  const scope = scopes['tasks throw and are tried again'];
  if (scope === undefined) throw new Error('There is no such scope.');
  const { paths } = coveringPaths(poolModel, scope);
  const path = paths.find(({ pairs }) =>
    pairs.some(({ machine, to }) => machine === 'task' && to === 'unsettled.retrying'),
  );
  if (path === undefined) throw new Error('No path has a task that is tried again.');
  const plan = planOf(scope, path);
  const bundle = await bundleChild();
  const control = await Control.open(bundle.folder);
  try {
    // The real pool does not pause before it tries again.
    const other = { ...plan, scope: { ...scope, timers: [] } };
    const { story } = await play(other, { entry: bundle.entry, control });
    expect(story).toContain('child 1 sends started 1 to parent');
    expect(story).toContain('"unsettled.retrying" in the model');
  } finally {
    control.close();
    await bundle.remove();
  }
});
