/** What notices a mutant of the pool's machines: a scenario, totality, or the model. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Mutant } from '../../../src/verify/mutate.ts';
import { Battery, poolMutants } from '../../../src/verify/pool/battery.ts';
import type { Scenario } from '../../../src/verify/scenario.ts';

const folder = new URL('../../machines/scenarios/', import.meta.url);
const scenario = (machine: string, name: string): Scenario => ({
  machine,
  name,
  text: readFileSync(new URL(`${machine}/${name}.txt`, folder), 'utf8'),
});
const mutants = new Map(poolMutants().map((mutant) => [mutant.id, mutant]));

function mutantNamed(id: string): Mutant {
  const found = mutants.get(id);
  if (found === undefined) throw new Error(`There is no mutant '${id}'.`);
  return found;
}

const runs = scenario('child', 'runs-in-order');
const unwritten = mutantNamed('child running · task.ended[0] · drop writeOutcome');

test('a scenario that the mutant plays otherwise is asked first', () => {
  const battery = new Battery([scenario('child', 'initialize-fails'), runs]);
  expect(battery.killerOf(unwritten)).toEqual({ means: 'scenario', by: 'child/runs-in-order' });
});

test('what is asked has an order', () => {
  expect(new Battery([runs]).means).toEqual(['scenario', 'totality', 'model']);
  expect(new Battery().means).toEqual(['totality', 'model']);
});

test('scenarios of other machines say nothing', () => {
  const elsewhere = new Battery([{ ...runs, machine: 'task' }]);
  expect(elsewhere.killerOf(unwritten)).toMatchObject({ means: 'model' });
});

test('a mutant that cannot play a scenario is noticed', () => {
  const battery = new Battery([scenario('task', 'runs-too-long')]);
  expect(battery.killerOf(mutantNamed('task unsettled.running · after timeout · delete'))).toEqual({
    means: 'scenario',
    by: 'task/runs-too-long',
  });
});

test('an event that has lost its meaning is noticed without a scenario', () => {
  expect(new Battery().killerOf(mutantNamed('child booting · boot.finished · delete'))).toEqual({
    means: 'totality',
    by: 'booting neither handles nor ignores boot.finished.',
  });
});

test('without scenarios the model notices', () => {
  const killer = new Battery().killerOf(unwritten);
  expect(killer).toMatchObject({ means: 'model' });
  expect(killer?.by).toMatch(/^[a-z ]+: .+$/u);
});

test('a scenario that does not hold is found before it notices everything', () => {
  expect(new Battery([runs]).staleScenario()).toBeUndefined();
  const stale = { machine: 'child', name: 'stale', text: '# It has a plan\ninput: null\nstate: asleep\n' };
  expect(new Battery([runs, stale]).staleScenario()).toBe(stale);
  const nobodys = { machine: 'lamp', name: 'shines', text: '# It shines\n' };
  expect(new Battery([nobodys]).staleScenario()).toBe(nobodys);
});
