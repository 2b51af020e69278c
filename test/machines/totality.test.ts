/**
 * Every machine says what every event means in every state; and the check that says so notices every kind
 * of gap.
 */
import { expect, test } from 'vitest';
import { createMachine } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { machines } from '../../machines/index.ts';
import { findGaps } from '../../src/verify/totality.ts';
import { samples } from './samples.ts';

test.each(Object.entries<AnyStateMachine>(machines))('%s is total', (name, machine) => {
  const sent = (samples[name]?.events ?? []).map((event) => event.type);
  expect(findGaps(machine, sent)).toEqual([]);
});

const total = {
  on: { '*': { actions: { type: 'unexpected' } }, stop: '.b' },
  initial: 'a',
  states: {
    a: { on: { go: 'b' } },
    b: { meta: { ignores: { go: 'it went', stop: 'it stopped' } }, on: { stop: { actions: [] } } },
  },
};

const gaps: readonly (readonly [gap: string, config: object])[] = [
  ['The root has no `*` transition that asks for `unexpected`.', { ...total, on: { stop: '.b' } }],
  ['b neither handles nor ignores go.', withState('b', { meta: { ignores: { stop: 'it stopped' } } })],
  [
    'b drops stop without saying why in meta.ignores.',
    withState('b', { meta: { ignores: { go: 'it went' } } }),
  ],
  ['b ignores go without a reason.', withState('b', { meta: { ignores: { go: ' ', stop: 'it stopped' } } })],
  [
    'a says that it ignores stop, but The root handles it.',
    withState('a', { on: { go: 'b' }, meta: { ignores: { stop: 'it cannot' } } }),
  ],
  [
    'a says that it ignores go, but a handles it.',
    withState('a', { meta: { ignores: { go: 'it cannot' } } }),
  ],
  [
    'c is final: mail to it would be lost.',
    withState('c', { type: 'final', meta: { ignores: { go: 'over' } } }),
  ],
  ['a invokes an actor.', withState('a', { invoke: { src: 'actor' } })],
  [
    'Every state in The root has its own word on go: the entry in meta.ignores is dead.',
    { ...total, meta: { ignores: { go: 'for no reason' } } },
  ],
];

test('a machine that is total has no gaps', () => {
  expect(findGaps(createMachine(total as never))).toEqual([]);
});

test('an event that is sent but never mentioned is a gap', () => {
  expect(findGaps(createMachine(total as never), ['pause'])).toEqual([
    'a neither handles nor ignores pause.',
    'b neither handles nor ignores pause.',
  ]);
});

test.each(gaps)('the check finds: %s', (gap, config) => {
  expect(findGaps(createMachine(config as never))).toContain(gap);
});

/** The total machine with one state changed or added. */
function withState(name: string, change: object): object {
  const states: Record<string, object> = total.states;
  return { ...total, states: { ...states, [name]: { ...states[name], ...change } } };
}
