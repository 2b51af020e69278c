/** Events from outside, letters that are lost, and two environments as one. */
import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import {
  always,
  check,
  combine,
  type Environment,
  events,
  model,
  type Model,
  story,
} from '../../src/verify/index.ts';
import { retransmission } from './retransmission.ts';

const counter = setup({
  types: { context: {} as { up: number; down: number }, events: {} as { type: 'up' | 'down' } },
  actions: {
    up: assign({ up: ({ context }) => context.up + 1 }),
    down: assign({ down: ({ context }) => context.down + 1 }),
  },
}).createMachine({
  tags: 'rest',
  context: { up: 0, down: 0 },
  on: { up: { actions: 'up' }, down: { actions: 'down' } },
});

const counting = (
  environment: Environment,
  mayBe: (up: number, down: number) => boolean = () => true,
): Model =>
  model({
    name: 'counting',
    machines: { counter },
    scope: {},
    topology: () => ({ members: [{ kind: 'counter' }] }),
    environment: () => environment,
    properties: () => [
      always('it may be', (world) => {
        const { up, down } = world.contextOf<{ up: number; down: number }>('counter');
        return mayBe(up, down);
      }),
    ],
  });

const up = { name: 'up', to: 'counter', event: { type: 'up' }, times: 2 } as const;
const down = { name: 'down', to: 'counter', event: { type: 'down' }, times: 3, kind: 'fault' } as const;

describe('events', () => {
  test('come each up to so many times, in any order', () => {
    const report = check(counting(events([up, down])));
    // 0 to 2 ups and 0 to 3 downs.
    expect(report).toMatchObject({ verdict: 'passed', states: 12, moves: { up: 8, down: 9 }, neverMade: [] });
  });

  test('need not come', () => {
    const { counterexample } = check(counting(events([up, down]), (ups, downs) => ups === 0 || downs > 0));
    expect(counterexample?.steps.map(({ move, kind }) => [move, kind])).toEqual([
      ['counter gets up from outside', 'caller'],
    ]);
  });

  test('are faults if they say so', () => {
    const report = check(counting(events([up, { ...down, name: 'bad luck' }]), (_, downs) => downs === 0));
    expect(report.counterexample?.steps).toMatchObject([{ kind: 'fault' }]);
    expect(story(report)).toContain('  1. bad luck: counter gets down from outside');
  });

  test('that cannot come are told in the report', () => {
    expect(check(counting(events([up, { ...down, times: 0 }]))).neverMade).toEqual(['down']);
  });

  test('may be for one of several', () => {
    const several = model({
      name: 'several',
      machines: { counter },
      scope: {},
      topology: () => ({
        members: [
          { kind: 'counter', id: 1 },
          { kind: 'counter', id: 2 },
        ],
      }),
      environment: () =>
        events([
          { ...up, to: 'counter:1' },
          { ...up, to: 'counter:2' },
        ]),
      properties: () => [always('not both', (world) => world.ids('counter').length === 2)],
    });
    expect(check(several)).toMatchObject({ verdict: 'passed', states: 9 });
  });

  test('for nobody are refused', () => {
    expect(() => events([{ ...up, to: 'counter:0' }])).toThrow(
      "The event 'up' is for 'counter:0', which is no machine: write 'server', or 'client:2' for one of",
    );
    expect(() => check(counting(events([{ ...up, to: 'nobody' }])))).toThrow(
      "The topology has nothing called 'nobody'.",
    );
  });
});

test('a letter may be lost, in its channel and as often as it says', () => {
  expect(check(retransmission, { losses: 0 }).moves).not.toHaveProperty('a letter to consumer is lost');
  expect(check(retransmission, { losses: 1 }).moves).toMatchObject({
    'a letter to consumer is lost': 1,
    'a letter to producer is lost': 1,
  });
});

describe('two environments', () => {
  const own = (log: string[]): Environment => ({
    records: { own: null },
    moveNames: ['own'],
    setup: (world) => world.put('own', 0, { left: 1 }),
    moves: (world, moves) => {
      if (world.get<{ left: number }>('own').left > 0)
        moves.push({ name: 'own', kind: 'caller', id: 0, detail: 0 });
    },
    apply: (world, move) => {
      log.push(move.name);
      world.put('own', 0, { left: 0 });
    },
    describe: () => 'the own move',
  });

  test('are one, and each makes its own moves', () => {
    const log: string[] = [];
    const report = check(counting(combine(own(log), events([up, down]))));
    expect(report).toMatchObject({ verdict: 'passed', states: 24 });
    expect(new Set(log)).toEqual(new Set(['own']));
    const wrong = check(counting(combine(own(log), events([up])), (ups) => ups === 0));
    expect(story(wrong)).toContain('  1. counter gets up from outside');
  });

  test('may both say when the system may rest', () => {
    const restless: Environment = { mayRest: () => false };
    const restful: Environment = { mayRest: () => true };
    expect(check(counting(combine(restful, events([]))))).toMatchObject({ verdict: 'passed' });
    expect(check(counting(combine(restful, restless)))).toMatchObject({ verdict: 'failed' });
  });

  test('must not keep records or make moves of the same name', () => {
    expect(() => combine(own([]), own([]))).toThrow("Both environments keep a record 'own'.");
    const { records: _, ...nameless } = own([]);
    expect(() => combine(own([]), nameless)).toThrow("Both environments have a move 'own'.");
  });
});
