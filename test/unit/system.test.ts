/** The loop that runs machines, with two small ones and a clock that only moves when it is told to. */
import { describe, expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { command } from '../../machines/commands.ts';
import { compile } from '../../src/runtime/compile.ts';
import { System, type SystemHost } from '../../src/runtime/system.ts';
import type { Clock } from '../../src/runtime/timers.ts';

interface TellParams {
  readonly to: 'ping' | 'pong';
  readonly id: number;
  readonly event: { readonly type: string };
}

const player = (id: 'ping' | 'pong', other: 'ping' | 'pong') =>
  setup({
    types: {
      context: {} as { hits: number },
      events: {} as { type: 'ball' } | { type: 'rest' } | { type: 'bad' },
    },
    delays: { nap: 100 },
    actions: {
      count: assign({ hits: ({ context }) => context.hits + 1 }),
      tell: command<TellParams>(),
      shout: command<{ text: string }>(),
      unexpected: command<{ event: string }>(),
    },
  }).createMachine({
    id,
    context: { hits: 0 },
    initial: 'awake',
    on: { '*': { actions: { type: 'unexpected', params: ({ event }) => ({ event: event.type }) } } },
    states: {
      awake: {
        meta: { ignores: { nothing: 'for the test' } },
        on: {
          ball: {
            actions: ['count', { type: 'tell', params: { to: other, id: 1, event: { type: 'ball' } } }],
          },
          rest: 'asleep',
        },
      },
      asleep: {
        after: { nap: { target: 'awake', actions: { type: 'shout', params: { text: 'awake' } } } },
        meta: { ignores: { ball: 'asleep' } },
      },
    },
  });

class FakeClock implements Clock {
  readonly pending = new Set<() => void>();
  now(): number {
    return 0;
  }
  after(_delayMs: number, callback: () => void): { cancel: () => void } {
    this.pending.add(callback);
    return { cancel: () => this.pending.delete(callback) };
  }
}

function start(): { system: System; clock: FakeClock; told: string[]; fail: { next: boolean } } {
  const told: string[] = [];
  const clock = new FakeClock();
  const fail = { next: false };
  const host: SystemHost = {
    perform(kind, id, { type, params }) {
      if (fail.next) throw new Error('no voice');
      told.push(`${kind}/${id} ${type} ${JSON.stringify(params)}`);
    },
    onIdle: () => false,
    onLate: (kind, id, event) => void told.push(`late ${kind}/${id} ${event.type}`),
    onUnexpected: (kind, id, state, event) =>
      void told.push(`unexpected ${kind}/${id} ${state} ${event.type}`),
  };
  const machines = { ping: compile(player('ping', 'pong')), pong: compile(player('pong', 'ping')) };
  const system = new System(machines, host, clock);
  system.create('ping', 1, undefined);
  return { system, clock, told, fail };
}

describe('System', () => {
  test('tells late what is sent to nobody', () => {
    const { system, told } = start();
    system.tell('ping', 1, { type: 'ball' });
    system.run();
    expect(told).toEqual(['late pong/1 ball']);
    expect(system.contextOf('ping', 1)).toEqual({ hits: 1 });
  });

  test('reports what a state does not know, and not what it ignores with a reason', () => {
    const { system, told } = start();
    system.tell('ping', 1, { type: 'bad' });
    system.tell('ping', 1, { type: 'rest' });
    system.tell('ping', 1, { type: 'ball' });
    system.run();
    expect(told).toEqual(['unexpected ping/1 awake bad']);
  });

  test('a timer is an event', () => {
    const { system, clock, told } = start();
    system.tell('ping', 1, { type: 'rest' });
    system.run();
    expect(system.stateOf('ping', 1)).toBe('asleep');
    for (const fire of Array.from(clock.pending)) fire();
    expect(system.stateOf('ping', 1)).toBe('awake');
    expect(told).toEqual(['ping/1 shout {"text":"awake"}']);
  });

  test('an effect that throws ends its turn, and nothing is done twice', () => {
    const { system, clock, told, fail } = start();
    system.tell('ping', 1, { type: 'rest' });
    system.run();
    fail.next = true;
    const [fire] = [...clock.pending];
    expect(fire).toThrow('no voice');
    fail.next = false;
    system.tell('ping', 1, { type: 'bad' });
    system.run();
    expect(told).toEqual(['unexpected ping/1 awake bad']);
  });

  test('removing an instance takes its timers and its mail along', () => {
    const { system, clock, told } = start();
    system.tell('ping', 1, { type: 'rest' });
    system.run();
    system.tell('ping', 1, { type: 'ball' });
    system.remove('ping', 1);
    system.run();
    expect(clock.pending.size).toBe(0);
    expect(told).toEqual([]);
    expect(system.stateOf('ping', 1)).toBeUndefined();
  });
});
