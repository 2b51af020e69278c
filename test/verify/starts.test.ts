/** The first moment: when there are several, and when it is wrong already. */
import { expect, test } from 'vitest';
import { sendTo, setup } from 'xstate';
import { always, check, model, replay, story, toFile } from '../../src/verify/index.ts';

const coin = (isRigged: boolean) =>
  model({
    name: 'coin',
    machines: {},
    scope: {},
    topology: () => ({ members: [], records: { coin: null, told: null } }),
    environment: () => ({
      setup: (world) => {
        world.put('coin', 0, { side: world.choose(3) });
        if (isRigged && world.get<{ side: number }>('coin').side === 2)
          world.violate('it stands on its edge');
      },
      moves: (world, moves) => {
        if (!world.has('told')) moves.push({ name: 'tell', kind: 'system', id: 0, detail: 0 });
      },
      apply: (world) => world.put('told', 0, world.get('coin')),
      mayRest: () => true,
    }),
    properties: () => [
      always('tails is never told', (world) => world.find<{ side: number }>('told')?.side !== 1),
    ],
  });

test('each of several first moments is explored, and the story begins in the right one', () => {
  const report = check(coin(false));
  expect(report.counterexample).toMatchObject({ property: 'tails is never told', start: { script: [1] } });
  expect(report.counterexample?.steps).toHaveLength(1);
  const steps = replay(coin(false), toFile(report));
  expect(steps.next()).toMatchObject({ done: false });
  expect(steps.next()).toEqual({ done: true, value: { isStillBroken: true } });
});

test('a start that breaks a rule is a story without steps', () => {
  const report = check(coin(true));
  expect(report.counterexample).toMatchObject({
    sentence: 'it stands on its edge',
    start: { script: [2] },
    steps: [],
  });
  expect(story(report)).toContain('✗ it stands on its edge');
  expect(replay(coin(true), toFile(report)).next()).toEqual({ done: true, value: { isStillBroken: true } });
});

test('what is sent as somebody starts reaches those who start later', () => {
  const early = setup({}).createMachine({ tags: 'rest', entry: sendTo('late', { type: 'hello' }) });
  const late = setup({}).createMachine({
    initial: 'deaf',
    states: { deaf: { on: { hello: 'greeted' } }, greeted: { tags: 'rest' } },
  });
  for (const mail of ['channels', 'together'] as const) {
    const greeting = model({
      name: 'greeting',
      machines: { early, late },
      scope: {},
      topology: () => ({ members: [{ kind: 'early' }, { kind: 'late' }], mail }),
    });
    expect(check(greeting), mail).toMatchObject({ verdict: 'passed', states: mail === 'channels' ? 2 : 1 });
  }
});
