/** A token goes round, and nobody ever uses it. */
import { type AnyStateMachine, sendTo, setup } from 'xstate';
import { eventually, model, type Model } from '../../src/verify/index.ts';

const node: AnyStateMachine = setup({
  types: { context: {} as { next: string; begins: boolean }, input: {} as { next: string; begins: boolean } },
  guards: { begins: ({ context }) => context.begins },
  actions: { pass: sendTo(({ context }) => context.next, { type: 'token' }) },
}).createMachine({
  context: ({ input }) => input,
  initial: 'starting',
  states: {
    starting: { always: [{ guard: 'begins', target: 'passing', actions: 'pass' }, { target: 'passing' }] },
    passing: { on: { token: { actions: 'pass' } } },
  },
});

export const tokenRing: Model<{ nodes: number }> = model({
  name: 'token ring',
  machines: { node },
  scope: { nodes: 3 },
  topology: ({ nodes }) => ({
    members: Array.from({ length: nodes }, (_, index) => ({
      kind: 'node',
      id: index + 1,
      input: { next: `node:${((index + 1) % nodes) + 1}`, begins: index === 0 },
    })),
  }),
  properties: () => [
    eventually('somebody uses the token', (world) =>
      world.ids('node').some((id) => world.stateOf('node', id) === 'using'),
    ),
  ],
});
