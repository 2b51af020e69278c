/** Two holders need two locks each. Planted: they take them in opposite order, and may wait for ever. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState takes its types from values that are none */
import { type AnyStateMachine, assign, sendTo, setup } from 'xstate';
import { model, type Model } from './model.ts';

interface LockContext {
  /** Those who asked, the one who has it first. */
  readonly queue: readonly number[];
}

interface LockEvent {
  readonly type: 'take' | 'release';
  readonly by: number;
}

const lock: AnyStateMachine = setup({
  types: { context: {} as LockContext, events: {} as LockEvent },
  guards: { isWanted: ({ context }) => context.queue.length > 1 },
  actions: {
    queue: assign({ queue: ({ context, event }) => [...context.queue, event.by] }),
    shift: assign({ queue: ({ context }) => context.queue.slice(1) }),
    give: sendTo(({ context }) => `holder:${context.queue[0] ?? 0}`, { type: 'given' }),
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

interface HolderInput {
  readonly by: number;
  readonly first: string;
  readonly second: string;
}

const holder: AnyStateMachine = setup({
  types: { context: {} as HolderInput, input: {} as HolderInput, events: {} as { type: 'given' } },
  actions: {
    askFirst: sendTo(
      ({ context }) => context.first,
      ({ context }) => ({ type: 'take', by: context.by }),
    ),
    askSecond: sendTo(
      ({ context }) => context.second,
      ({ context }) => ({ type: 'take', by: context.by }),
    ),
    returnFirst: sendTo(
      ({ context }) => context.first,
      ({ context }) => ({ type: 'release', by: context.by }),
    ),
    returnSecond: sendTo(
      ({ context }) => context.second,
      ({ context }) => ({ type: 'release', by: context.by }),
    ),
  },
}).createMachine({
  context: ({ input }) => input,
  initial: 'takingFirst',
  states: {
    takingFirst: { entry: 'askFirst', on: { given: 'takingSecond' } },
    takingSecond: { entry: 'askSecond', on: { given: 'done' } },
    done: { tags: 'rest', entry: ['returnFirst', 'returnSecond'] },
  },
});

export function twoLocks(isPlanted: boolean): Model {
  const [low, high] = ['lock:1', 'lock:2'];
  const second = isPlanted ? { first: high, second: low } : { first: low, second: high };
  return model({
    name: 'two locks',
    machines: { lock, holder },
    scope: {},
    topology: () => ({
      members: [
        { kind: 'lock', id: 1 },
        { kind: 'lock', id: 2 },
        { kind: 'holder', id: 1, input: { by: 1, first: low, second: high } },
        { kind: 'holder', id: 2, input: { by: 2, ...second } },
      ],
    }),
  });
}
