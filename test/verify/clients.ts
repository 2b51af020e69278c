/** Clients who each take the only key of a server and bring it back: any of them could be any other. */
import { assign, sendTo, setup } from 'xstate';
import {
  always,
  combine,
  eventually,
  type Environment,
  events,
  model,
  type Model,
  sometimes,
} from '../../src/verify/index.ts';

const server = setup({
  types: {
    context: {} as { owner: number; waiting: number[] },
    events: {} as { type: 'take' | 'bring'; by: number },
  },
  guards: { isWanted: ({ context }) => context.waiting.length > 0 },
  actions: {
    take: assign({ owner: ({ event }) => event.by }),
    queue: assign({ waiting: ({ context, event }) => [...context.waiting, event.by] }),
    next: assign({
      owner: ({ context }) => context.waiting[0] ?? 0,
      waiting: ({ context }) => context.waiting.slice(1),
    }),
    clear: assign({ owner: 0 }),
    give: sendTo(({ context }) => `client:${context.owner}`, { type: 'key' }),
  },
}).createMachine({
  context: { owner: 0, waiting: [] },
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { take: { target: 'lent', actions: ['take', 'give'] } } },
    lent: {
      on: {
        take: { actions: 'queue' },
        bring: [
          { guard: 'isWanted', actions: ['next', 'give'] },
          { target: 'free', actions: 'clear' },
        ],
      },
    },
  },
});

const client = setup({
  types: {
    context: {} as { by: number },
    input: {} as { by: number },
    events: {} as { type: 'go' | 'key' | 'leave' },
  },
  actions: {
    take: sendTo('server', ({ context }) => ({ type: 'take', by: context.by })),
    bring: sendTo('server', ({ context }) => ({ type: 'bring', by: context.by })),
  },
}).createMachine({
  context: ({ input }) => input,
  initial: 'outside',
  states: {
    outside: { tags: 'rest', on: { go: { target: 'waiting', actions: 'take' } } },
    waiting: { on: { key: 'inside' }, meta: { ignores: { go: 'it goes already' } } },
    inside: {
      after: { 1000: { target: 'outside', actions: 'bring' } },
      meta: { ignores: { go: 'it is there' } },
    },
  },
});

export interface Building {
  readonly clients: number;
  readonly visits: number;
  /** How often each may sneeze: a move that nobody else sees. */
  readonly sneezes: number;
  readonly mail: 'channels' | 'together';
}

/** Independent of everything: its own record is read by nothing else. */
function sneezing(count: number, times: number): Environment {
  return {
    records: { sneezes: { like: 'client' } },
    moves: (world, moves) => {
      for (let id = 1; id <= count; id += 1) {
        const { done } = world.find<{ done: number }>('sneezes', id) ?? { done: 0 };
        if (done < times) moves.push({ name: 'sneeze', kind: 'system', id, detail: 0, isIndependent: true });
      }
    },
    apply: (world, { id }) => {
      const { done } = world.find<{ done: number }>('sneezes', id) ?? { done: 0 };
      if (times < Infinity) world.put('sneezes', id, { done: done + 1 });
    },
    moveNames: ['sneeze'],
  };
}

export const clients: Model<Building> = model<Building>({
  name: 'clients',
  machines: { server, client },
  scope: { clients: 3, visits: 1, sneezes: 0, mail: 'channels' },
  topology: ({ clients: count, mail }) => ({
    mail,
    members: [
      { kind: 'server' },
      ...Array.from({ length: count }, (_, index) => ({
        kind: 'client',
        id: index + 1,
        input: { by: index + 1 },
      })),
    ],
    sorts: { client: { count, isSymmetric: true, fields: ['by', 'owner', 'waiting'] } },
    kinds: { client: 'client' },
  }),
  environment: ({ clients: count, visits, sneezes }) =>
    combine(visitors(count, visits), sneezing(count, sneezes)),
  properties: ({ clients: count }) => [
    always(
      'one inside at most',
      (world) => world.ids('client').filter((id) => world.stateOf('client', id) === 'inside').length <= 1,
    ),
    sometimes(
      'all wait',
      (world) =>
        world.ids('client').filter((id) => world.stateOf('client', id) === 'waiting').length === count,
    ),
    eventually('nobody waits', (world) =>
      world.ids('client').every((id) => world.stateOf('client', id) !== 'waiting'),
    ),
  ],
});

function visitors(count: number, times: number): Environment {
  return events(
    Array.from({ length: count }, (_, index) => ({
      name: 'visit',
      to: `client:${index + 1}`,
      event: { type: 'go' },
      times,
    })),
  );
}
