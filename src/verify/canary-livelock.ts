/** Two polite people at one door. Planted: each lets the other go first, for ever. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState takes its types from values that are none */
import { type AnyStateMachine, assign, sendTo, setup } from 'xstate';
import { model, type Model } from './model.ts';
import { eventually } from './property.ts';

interface PersonInput {
  readonly other: string;
  readonly begins: boolean;
}

const person = (isPlanted: boolean): AnyStateMachine =>
  setup({
    types: {
      context: {} as PersonInput & { bows: number },
      input: {} as PersonInput,
      events: {} as { type: 'afterYou' },
    },
    guards: {
      begins: ({ context }) => context.begins,
      isPolite: ({ context }) => isPlanted || context.bows === 0,
    },
    actions: {
      // Planted: nobody counts, or the moments would not repeat.
      bow: assign({ bows: ({ context }) => (isPlanted ? 0 : context.bows + 1) }),
      offer: sendTo(({ context }) => context.other, { type: 'afterYou' }),
    },
  }).createMachine({
    context: ({ input }) => ({ ...input, bows: 0 }),
    initial: 'coming',
    states: {
      coming: { always: [{ guard: 'begins', target: 'waiting', actions: 'offer' }, { target: 'waiting' }] },
      waiting: {
        tags: 'rest',
        on: { afterYou: [{ guard: 'isPolite', actions: ['bow', 'offer'] }, { target: 'through' }] },
      },
      through: { tags: 'rest' },
    },
  });

export function oneDoor(isPlanted: boolean): Model {
  return model({
    name: 'one door',
    machines: { person: person(isPlanted) },
    scope: {},
    topology: () => ({
      members: [
        { kind: 'person', id: 1, input: { other: 'person:2', begins: true } },
        { kind: 'person', id: 2, input: { other: 'person:1', begins: false } },
      ],
    }),
    properties: () => [
      eventually('one of the two goes through', (world) =>
        world.ids('person').some((id) => world.stateOf('person', id) === 'through'),
      ),
    ],
  });
}
