/** Mutants: which there are, that each does what its name says, and that the original stays as it was. */
import { describe, expect, test } from 'vitest';
import { assign, createMachine, setup } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { command } from '../../../machines/commands.ts';
import { machines } from '../../../machines/index.ts';
import { mutantsOf } from '../../../src/verify/mutate.ts';
import { findGaps } from '../../../src/verify/totality.ts';
import { idsOf, mutantCalled, walk } from '../../helpers/mutants.ts';

const lamp = setup({
  types: { context: {} as { presses: number; limit: number }, events: {} as { type: 'press' } },
  delays: { patience: 100 },
  guards: {
    isBroken: ({ context }) => context.presses >= context.limit,
    isNew: ({ context }) => context.presses === 0,
  },
  actions: {
    count: assign({ presses: ({ context }) => context.presses + 1 }),
    shine: command(),
    dim: command(),
    unexpected: command<{ event: string }>(),
  },
}).createMachine({
  id: 'lamp',
  context: { presses: 0, limit: 2 },
  initial: 'off',
  on: { '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } } },
  states: {
    off: {
      on: {
        press: [
          { guard: 'isBroken', target: 'broken' },
          { guard: 'isNew', target: 'on', actions: 'count' },
          { target: 'on' },
        ],
      },
    },
    on: {
      entry: 'shine',
      exit: [{ type: 'dim' }],
      after: { patience: 'off' },
      on: { press: 'off' },
    },
    broken: {
      meta: { ignores: { press: 'it is broken' } },
      on: { press: { actions: [] } },
    },
  },
});

describe('the mutants of a machine', () => {
  test('have one change each, and say which', () => {
    expect(idsOf(lamp)).toEqual([
      'lamp · initial · to on',
      'lamp · * · delete',
      'lamp · * · drop unexpected',
      'lamp off · press[0] · delete',
      'lamp off · press[0] · negate isBroken',
      'lamp off · press[0] · always isBroken',
      'lamp off · press[0] · drop target',
      'lamp off · press[0] · to on',
      'lamp off · press[0] · swap with [1]',
      'lamp off · press[1] · delete',
      'lamp off · press[1] · negate isNew',
      'lamp off · press[1] · always isNew',
      'lamp off · press[1] · drop count',
      'lamp off · press[1] · drop target',
      'lamp off · press[1] · to broken',
      'lamp off · press[2] · delete',
      'lamp off · press[2] · drop target',
      'lamp off · press[2] · to broken',
      'lamp on · entry · drop shine',
      'lamp on · exit · drop dim',
      'lamp on · press · delete',
      'lamp on · press · drop target',
      'lamp on · press · to broken',
      'lamp on · after patience · delete',
      'lamp on · after patience · drop target',
      'lamp on · after patience · to broken',
    ]);
  });

  test('carry the name that is given', () => {
    expect(mutantsOf(lamp, 'light')[0]).toMatchObject({ id: 'light · initial · to on', of: 'light' });
  });

  test('leave the machine as it was', () => {
    for (const machine of [lamp, ...Object.values<AnyStateMachine>(machines)]) {
      const before = JSON.stringify(machine.definition);
      const { implementations } = machine;
      const kept = { ...implementations };
      mutantsOf(machine);
      expect(JSON.stringify(machine.definition)).toBe(before);
      expect({ ...implementations }).toEqual(kept);
    }
  });

  test('differ from it and from one another', () => {
    for (const [name, machine] of Object.entries<AnyStateMachine>(machines)) {
      const mutants = mutantsOf(machine, name);
      const definitions = mutants.map((mutant) => shapeOf(mutant.machine));
      expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
      expect(definitions).not.toContain(shapeOf(machine));
      expect(new Set(definitions).size).toBe(mutants.length);
      expect(mutants.length).toBeGreaterThan(100);
    }
  });

  test('are not made of a machine that does not compile', () => {
    expect(() => mutantsOf(createMachine({ type: 'parallel', states: { a: {} } }))).toThrow('parallel');
  });
});

describe('a mutant', () => {
  test.each([
    ['the original', ['on', 'off', 'on', 'off', 'on'], 1],
    ['lamp off · press[0] · negate isBroken', ['broken', 'broken', 'broken', 'broken', 'broken'], 0],
    ['lamp off · press[0] · always isBroken', ['broken', 'broken', 'broken', 'broken', 'broken'], 0],
    ['lamp off · press[0] · delete', ['on', 'off', 'on', 'off', 'on'], 1],
    ['lamp off · press[1] · negate isNew', ['on', 'off', 'on', 'off', 'on'], 0],
    ['lamp off · press[1] · always isNew', ['on', 'off', 'on', 'off', 'broken'], 2],
    ['lamp off · press[1] · drop count', ['on', 'off', 'on', 'off', 'on'], 0],
    ['lamp off · press[1] · drop target', ['off', 'on', 'off', 'on', 'off'], 1],
    ['lamp off · press[1] · to broken', ['broken', 'broken', 'broken', 'broken', 'broken'], 1],
    ['lamp off · press[2] · delete', ['on', 'off', 'off', 'off', 'off'], 1],
    ['lamp · initial · to on', ['off', 'on', 'off', 'on', 'off'], 1],
    ['lamp on · press · delete', ['on', 'on', 'on', 'on', 'on'], 1],
  ])('does what it is called: %s', (id, states, presses) => {
    const machine = id === 'the original' ? lamp : mutantCalled(lamp, id);
    expect(walk(machine, ['press', 'press', 'press', 'press', 'press'])).toMatchObject({ states, presses });
  });

  test.each([
    ['the original', ['shine', 'setTimer', 'dim', 'cancelTimer']],
    ['lamp on · entry · drop shine', ['setTimer', 'dim', 'cancelTimer']],
    ['lamp on · exit · drop dim', ['shine', 'setTimer', 'cancelTimer']],
    ['lamp on · after patience · delete', ['shine', 'dim']],
    ['lamp on · press · delete', ['shine', 'setTimer', 'unexpected']],
    ['lamp on · press · drop target', ['shine', 'setTimer']],
  ])('asks for what is left: %s', (id, commands) => {
    const machine = id === 'the original' ? lamp : mutantCalled(lamp, id);
    expect(walk(machine, ['press', 'press']).commands).toEqual(commands);
  });

  test('keeps guards, actions and delays of the machine', () => {
    const { implementations } = mutantCalled(lamp, 'lamp on · exit · drop dim');
    expect(implementations).toEqual(lamp.implementations);
  });

  test('is not total where a transition is missed', () => {
    const gaps = findGaps(mutantCalled(lamp, 'lamp on · press · delete'));
    expect(gaps).toEqual(['on neither handles nor ignores press.']);
    expect(findGaps(mutantCalled(lamp, 'lamp · * · delete'))).toHaveLength(1);
  });
});

/** The definition as text. Actions and guards of XState are functions: their names must do. */
function shapeOf(machine: AnyStateMachine): string {
  return JSON.stringify(machine.config, (_, value: unknown) =>
    typeof value === 'function' ? { ...value, name: value.name, text: String(value) } : value,
  );
}
