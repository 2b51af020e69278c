/** Paths that cover a model: small, complete, and playable. */
import { expect, test } from 'vitest';
import { playStart, playStep } from '../../src/verify/counterexample.ts';
import { bind } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { coveringPaths } from '../../src/verify/paths.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import { noCalls, noFaults } from '../../src/verify/pool/scope.ts';
import { twoActors } from './two-actors.ts';

test('paths meet every pair that can be reached', () => {
  const { paths, pairs, isWhole } = coveringPaths(twoActors(true));
  const texts = pairs.map(({ machine, state, event, to }) => `${machine} ${state} ${event} ${to}`);
  expect(isWhole).toBe(true);
  expect(texts.filter((text) => text.startsWith('alice')).toSorted()).toEqual([
    'alice asking answer free',
    'alice asking ask asking',
    'alice free ask free',
    'alice free go asking',
  ]);
  const met = new Set(paths.flatMap((path) => path.pairs.map((pair) => JSON.stringify(pair))));
  expect([...met].toSorted()).toEqual(pairs.map((pair) => JSON.stringify(pair)).toSorted());
});

test('no path is the beginning of another', () => {
  const { paths } = coveringPaths(poolModel);
  const texts = paths.map(({ steps }) => `${steps.map(({ move }) => move).join('; ')}; `);
  for (const text of texts)
    expect(texts.filter((other) => other !== text && other.startsWith(text))).toEqual([]);
});

test('paths can be played, and do what they say', () => {
  const scope = { ...poolModel.scope, tasks: 1, calls: { ...noCalls, close: 1 }, faults: noFaults };
  const { paths } = coveringPaths(poolModel, scope);
  const system = new ModelSystem(bind(poolModel, scope), false);
  expect(paths.length).toBeGreaterThan(0);
  for (const { start, steps } of paths) {
    playStart(system, start);
    for (const { index, script, move } of steps) {
      const step = playStep(system, system.world.row.slice(), index, script);
      expect(step.move).toBe(move);
      expect(step.violations).toEqual([]);
    }
  }
});

test('a search that is cut short says so', () => {
  expect(coveringPaths(poolModel, { states: 10 })).toMatchObject({ states: 10, isWhole: false });
});
