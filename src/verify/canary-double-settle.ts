/** A task whose result and whose timeout may both come. Planted: it settles on either, so perhaps twice. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- XState takes its types from values that are none */
import { type AnyStateMachine, sendTo, setup } from 'xstate';
import { model, type Model } from './model.ts';

const task = (isPlanted: boolean): AnyStateMachine =>
  setup({
    types: { events: {} as { type: 'done' | 'timedOut' } },
    actions: { settle: () => undefined },
  }).createMachine({
    initial: 'running',
    states: {
      running: {
        on: {
          done: { target: 'settled', actions: 'settle' },
          timedOut: { target: 'settled', actions: 'settle' },
        },
      },
      settled: {
        tags: 'rest',
        on: isPlanted ? { timedOut: { actions: 'settle' } } : {},
        meta: { ignores: { done: 'it came too late', timedOut: 'it came too late' } },
      },
    },
  });

const worker: AnyStateMachine = setup({}).createMachine({
  tags: 'rest',
  entry: sendTo('task', { type: 'done' }),
});

const alarm: AnyStateMachine = setup({}).createMachine({
  initial: 'waiting',
  states: {
    waiting: { after: { 1000: 'rung' } },
    rung: { tags: 'rest', entry: sendTo('task', { type: 'timedOut' }) },
  },
});

export function oneTask(isPlanted: boolean): Model {
  return model({
    name: 'one task',
    machines: { task: task(isPlanted), worker, alarm },
    scope: {},
    topology: () => ({
      members: [{ kind: 'task' }, { kind: 'worker' }, { kind: 'alarm' }],
      records: { settled: null },
    }),
    environment: () => ({
      perform: (world, _kind, _id, { type }) => {
        if (type !== 'settle') return;
        if (world.has('settled')) world.violate('the task settles twice');
        world.put('settled', 0, { is: true });
      },
    }),
  });
}
