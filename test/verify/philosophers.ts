/** Dijkstra's philosophers: a fork between any two of them, and each needs both of his to eat once. */
import { assign, sendTo, setup } from 'xstate';
import { always, model, type Model, sometimes } from '../../src/verify/index.ts';

interface PhilosopherInput {
  readonly by: number;
  readonly first: number;
  readonly second: number;
}

const forkMachine = setup({
  types: { context: {} as { queue: number[] }, events: {} as { type: 'take' | 'release'; by: number } },
  guards: { isWanted: ({ context }) => context.queue.length > 1 },
  actions: {
    queue: assign({ queue: ({ context, event }) => [...context.queue, event.by] }),
    shift: assign({ queue: ({ context }) => context.queue.slice(1) }),
    give: sendTo(({ context }) => `philosopher:${context.queue[0] ?? 0}`, { type: 'given' }),
  },
}).createMachine({
  context: { queue: [] },
  initial: 'free',
  states: {
    free: { tags: 'rest', on: { take: { target: 'held', actions: ['queue', 'give'] } } },
    held: {
      on: {
        take: { actions: 'queue' },
        release: [
          { guard: 'isWanted', actions: ['shift', 'give'] },
          { target: 'free', actions: 'shift' },
        ],
      },
    },
  },
});

const ask = (which: 'first' | 'second', type: 'take' | 'release') =>
  sendTo(
    ({ context }: { context: PhilosopherInput }) => `fork:${context[which]}`,
    ({ context }: { context: PhilosopherInput }) => ({ type, by: context.by }),
  ) as never;

const philosopherMachine = setup({
  types: { context: {} as PhilosopherInput, input: {} as PhilosopherInput, events: {} as { type: 'given' } },
  actions: {
    takeFirst: ask('first', 'take'),
    takeSecond: ask('second', 'take'),
    returnFirst: ask('first', 'release'),
    returnSecond: ask('second', 'release'),
  },
}).createMachine({
  context: ({ input }) => input,
  initial: 'hungry',
  states: {
    hungry: { entry: 'takeFirst', on: { given: 'holding' } },
    holding: { entry: 'takeSecond', on: { given: 'full' } },
    full: { tags: 'rest', entry: ['returnFirst', 'returnSecond'] },
  },
});

export interface Table {
  readonly seats: number;
  /** Each takes the fork with the lower number first. */
  readonly isOrdered: boolean;
}

export const philosophers: Model<Table> = model<Table>({
  name: 'philosophers',
  machines: { fork: forkMachine, philosopher: philosopherMachine },
  scope: { seats: 3, isOrdered: false },
  topology: ({ seats, isOrdered }) => {
    const ids = Array.from({ length: seats }, (_, index) => index + 1);
    return {
      members: [
        ...ids.map((id) => ({ kind: 'fork', id })),
        ...ids.map((id) => {
          const [left, right] = [id, (id % seats) + 1];
          const [first, second] = isOrdered && right < left ? [right, left] : [left, right];
          return { kind: 'philosopher', id, input: { by: id, first, second } };
        }),
      ],
    };
  },
  properties: () => [
    always('forks are asked for by two at most', (world) =>
      world.ids('fork').every((id) => world.contextOf<{ queue: number[] }>('fork', id).queue.length <= 2),
    ),
    sometimes('all are full', (world) =>
      world.ids('philosopher').every((id) => world.stateOf('philosopher', id) === 'full'),
    ),
  ],
});
