/** Properties are asked again only where what they look at has changed: that must change no answer. */
import { expect, test } from 'vitest';
import { check, poolModel, type Property, type World } from '../../src/verify/index.ts';
import { happenings } from '../../src/verify/pool/happenings.ts';
import { noFaults, type PoolScope } from '../../src/verify/pool/scope.ts';

const scope: Partial<PoolScope> = { workers: 2, tasks: 2, faults: { ...noFaults, crash: 1 } };

/** What holds only sometimes, so that its answers change on the way. */
const sentences = happenings({ ...poolModel.scope, ...scope });

/** A property that takes the whole row may have looked at anything. */
const lookingAtAll =
  (holds: Property['holds']): Property['holds'] =>
  (world) =>
    world.row.length > 0 && holds(world);

function ask(
  kind: Property['kind'],
  holds: Property['holds'],
): { readonly asked: number; readonly found: object } {
  let asked = 0;
  const counted = (world: World): boolean => {
    asked += 1;
    return holds(world);
  };
  const model = { ...poolModel, properties: () => [{ kind, name: 'it holds', holds: counted }] };
  const { verdict, states, counterexample, unseen } = check(model, scope);
  return { asked, found: { verdict, states, counterexample, unseen } };
}

test.each(sentences)('"$name" is answered as if it were asked everywhere', ({ holds }) => {
  const never = (world: World): boolean => !holds(world);
  for (const [kind, asks] of [
    ['always', never],
    ['sometimes', holds],
    ['eventually', holds],
  ] as const) {
    const everywhere = ask(kind, lookingAtAll(asks));
    const again = ask(kind, asks);
    expect(again.found).toEqual(everywhere.found);
    expect(again.asked).toBeLessThanOrEqual(everywhere.asked);
  }
});

test('what has not changed is not asked about', () => {
  const isThere = (world: World): boolean => world.has('pool');
  const everywhere = ask('always', lookingAtAll(isThere)).asked;
  expect(everywhere).toBeGreaterThan(1_000);
  expect(ask('always', isThere).asked).toBeLessThan(everywhere * 0.75);
});
