/** Two actors who each ask the other and answer only when they are free: they may ask at the same moment. */
import { type AnyStateMachine, sendTo, setup } from 'xstate';
import { events, model, type Model } from '../../src/verify/index.ts';

const actor = (other: string, answersWhileAsking: boolean): AnyStateMachine =>
  setup({
    types: { events: {} as { type: 'go' | 'ask' | 'answer' } },
    actions: { ask: sendTo(other, { type: 'ask' }), answer: sendTo(other, { type: 'answer' }) },
  }).createMachine({
    initial: 'free',
    states: {
      free: { tags: 'rest', on: { go: { target: 'asking', actions: 'ask' }, ask: { actions: 'answer' } } },
      asking: {
        on: { answer: 'free', ...(answersWhileAsking ? { ask: { actions: 'answer' } } : {}) },
        meta: { ignores: answersWhileAsking ? {} : { ask: 'for the test: it is busy' } },
      },
    },
  });

export function twoActors(answersWhileAsking: boolean): Model {
  return model({
    name: 'two actors',
    machines: { alice: actor('bob', answersWhileAsking), bob: actor('alice', answersWhileAsking) },
    scope: {},
    topology: () => ({ members: [{ kind: 'alice' }, { kind: 'bob' }] }),
    environment: () =>
      events([
        { name: 'alice wants to know', to: 'alice', event: { type: 'go' }, times: 1 },
        { name: 'bob wants to know', to: 'bob', event: { type: 'go' }, times: 1 },
      ]),
  });
}
