/** A producer sends a parcel until it is confirmed, over a channel that loses letters. */
import { type AnyStateMachine, sendTo, setup } from 'xstate';
import { eventually, events, model, type Model } from '../../src/verify/index.ts';

const producer: AnyStateMachine = setup({
  actions: { send: sendTo('consumer', { type: 'parcel' }) },
}).createMachine({
  initial: 'sending',
  states: {
    sending: {
      entry: 'send',
      on: { confirmed: 'done' },
      after: { 1000: { target: 'sending', reenter: true } },
    },
    done: {
      tags: 'rest',
      meta: { ignores: { confirmed: 'a parcel that was sent twice is confirmed twice' } },
    },
  },
});

const consumer: AnyStateMachine = setup({
  actions: { confirm: sendTo('producer', { type: 'confirmed' }) },
}).createMachine({
  tags: 'rest',
  initial: 'empty',
  states: {
    empty: { on: { parcel: { target: 'full', actions: 'confirm' } } },
    full: { on: { parcel: { actions: 'confirm' } } },
  },
  on: { look: {} },
});

export interface Line {
  readonly losses: number;
  /** Whether somebody may look at the consumer again and again. */
  readonly isWatched: boolean;
  readonly timers: 'any' | 'last';
}

export const retransmission: Model<Line> = model<Line>({
  name: 'retransmission',
  machines: { producer, consumer },
  scope: { losses: 1, isWatched: false, timers: 'last' },
  topology: ({ timers }) => ({ members: [{ kind: 'producer' }, { kind: 'consumer' }], timers }),
  environment: ({ losses, isWatched }) =>
    events(isWatched ? [{ name: 'look', to: 'consumer', event: { type: 'look' }, times: Infinity }] : [], {
      losesMail: losses,
    }),
  properties: () => [eventually('it is confirmed', (world) => world.stateOf('producer') === 'done')],
});
