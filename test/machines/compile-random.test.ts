/**
 * Definitions nobody thought of: random machines inside the supported subset mean the same compiled as in
 * XState.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  assign,
  createMachine,
  emit,
  enqueueActions,
  log,
  not,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import { compile, CompileError } from '../../src/runtime/compile.ts';
import type { Command, MachineEvent } from '../../src/runtime/compile.ts';
import { BothFailed, Lockstep } from '../helpers/lockstep.ts';
import type { Moment } from '../helpers/lockstep.ts';
import { build, eventTypes, randomMachine } from '../helpers/random-machine.ts';

const machineCount = 1_000;
const eventsPerMachine = 30;

const sample = fc.record({ type: fc.constantFrom(...eventTypes), k: fc.nat({ max: 5 }) });
const samples = fc.array(sample, { minLength: eventsPerMachine, maxLength: eventsPerMachine, size: 'max' });

test('random machines agree with XState', () => {
  const seen = { comparisons: 0, commands: 0, timers: 0, endless: 0, ended: 0, moves: 0 };
  fc.assert(
    fc.property(randomMachine, samples, (sketch, events) => {
      const lockstep = new Lockstep(build(sketch));
      let state = '';
      for (const moment of live(lockstep, events)) {
        if (moment === undefined) {
          seen.endless += 1;
          continue;
        }
        seen.commands += moment.commands.length;
        if (moment.commands.some(isTimer)) seen.timers += 1;
        if (moment.reference.snapshot.status === 'done') seen.ended += 1;
        if (moment.reference.state !== state) seen.moves += 1;
        ({ state } = moment.reference);
      }
      seen.comparisons += lockstep.comparisons;
    }),
    { seed: 5_330_003, numRuns: machineCount },
  );
  expect(seen.comparisons).toBeGreaterThan((machineCount * eventsPerMachine) / 2);
  expect(seen.moves).toBeGreaterThan(machineCount);
  expect(seen.timers).toBeGreaterThan(machineCount);
  expect(seen.endless).toBeGreaterThan(0);
  expect(seen.ended).toBeGreaterThan(0);
}, 60_000);

/**
 * The events in turn, and at every third turn a timer instead, if one was set.
 * `undefined` for an endless loop, in both of them; the next event then meets the machine as it was before.
 */
function* live(lockstep: Lockstep, events: readonly MachineEvent[]): Generator<Moment | undefined> {
  let moment = together(() => lockstep.start(undefined));
  yield moment;
  let timer: MachineEvent | undefined;
  for (const [index, event] of events.entries()) {
    const current = moment;
    if (current === undefined || current.reference.snapshot.status === 'done') return;
    const set = current.commands.find(isTimer);
    if (set !== undefined) timer = (set.params as { event: MachineEvent }).event;
    const chosen = index % 3 === 2 && timer !== undefined ? timer : event;
    const next = together(() => lockstep.step(current, chosen));
    yield next;
    moment = next ?? current;
  }
}

function together(run: () => Moment): Moment | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof BothFailed) return undefined;
    throw error;
  }
}

function isTimer(command: Command): boolean {
  return command.type === 'setTimer';
}

const inA = (stateConfig: object): object => ({ initial: 'a', states: { a: stateConfig } });
const onGo = (transition: object): object => inA({ on: { go: transition } });

const unsupported: readonly (readonly [feature: RegExp, state: string, config: object])[] = [
  [/a parallel state/u, '', { type: 'parallel', states: { a: {}, b: {} } }],
  [/a history state/u, 'h', { initial: 'a', states: { a: {}, h: { type: 'history' } } }],
  [/invoke/u, 'a', inA({ invoke: { src: 'fetchData' } })],
  [/route/u, 'a', inA({ id: 'a', route: {} })],
  [/a final root/u, '', { type: 'final' }],
  [/the output of a machine/u, '', { ...inA({}), output: {} }],
  [/states in a final state/u, 'a', inA({ type: 'final', states: { b: {} } })],
  [
    /more than one target/u,
    'a',
    { initial: 'a', states: { a: { on: { go: { target: ['a', 'b'] } } }, b: {} } },
  ],
  [/the event descriptor 'a\.\*\.b'/u, 'a', inA({ on: { 'a.*.b': {} } })],
  [/the event descriptor 'a\*'/u, 'a', inA({ on: { 'a*': {} } })],
  [/the built-in guard stateIn/u, 'a', onGo({ guard: stateIn('a') })],
  [/the guard 'isMissing', which is not implemented/u, 'a', onGo({ guard: 'isMissing' })],
  [/the guard 'isMissing', which is not implemented/u, 'a', onGo({ guard: not('isMissing' as never) })],
  [/a guard that is neither/u, 'a', onGo({ guard: 7 })],
  [/the action 'missing', which is not implemented/u, 'a', inA({ entry: 'missing' })],
  [/the action 'missing', which is not implemented/u, 'a', inA({ exit: { type: 'missing' } })],
  [/an action that is neither/u, 'a', inA({ entry: 7 })],
  [/the inline function 'effect' as an action/u, 'a', onGo({ actions: function effect(): void {} })],
  [/sendTo with a delay/u, 'a', inA({ entry: sendTo('b', { type: 'hi' }, { delay: 1 }) })],
  [/the built-in action 'xstate.emit'/u, 'a', inA({ entry: emit({ type: 'hi' }) })],
  [/the built-in action 'xstate.log'/u, 'a', inA({ entry: log('hi') })],
  [/the built-in action 'xstate.spawnChild'/u, 'a', inA({ entry: spawnChild('b' as never) })],
  [/the built-in action 'xstate.stopChild'/u, 'a', inA({ entry: stopChild('b') })],
  [/the built-in action 'xstate.enqueueActions'/u, 'a', inA({ entry: enqueueActions(() => {}) })],
  [/raise without an event object/u, 'a', inA({ entry: raise('hi' as never) })],
  [/the delay 'whenever', which is not implemented/u, 'a', inA({ after: { whenever: 'a' } })],
  [/the delay 'whenever'/u, 'a', inA({ entry: raise({ type: 'hi' }, { delay: 'whenever' } as never) })],
];

test.each(unsupported)('%s in state "%s" is refused', (feature, state, config) => {
  const machine = createMachine({ id: 'odd', ...config } as never);
  const refusal = failure(() => compile(machine));
  expect(refusal).toBeInstanceOf(CompileError);
  expect(refusal).toMatchObject({ name: 'CompileError', machine: 'odd', state });
  expect(refusal).toHaveProperty('message', expect.stringMatching(feature));
  expect(refusal).toHaveProperty(
    'message',
    expect.stringMatching(state === '' ? /its root/u : `state '${state}'`),
  );
});

test.each(['self', 'system', 'spawn'])('an assigner that reaches for %s fails', (name) => {
  const reach = (facts: object): { found: unknown } => ({ found: Reflect.get(facts, name) as unknown });
  const compiled = compile(createMachine({ on: { go: { actions: assign(reach as never) } } } as never));
  const instance = compiled.start(undefined, []);
  expect(() => compiled.step(instance, { type: 'go' }, [])).toThrow(name);
  expect(() => compile(createMachine({ context: reach } as never)).start({}, [])).toThrow(name);
});

test('unchanging commands are one frozen object', () => {
  const say = { type: 'say', params: { loud: true } };
  const setup = { actions: { say: (): void => {} } };
  const compiled = compile(createMachine({ on: { go: { actions: [say, say] } } } as never, setup as never));
  const outbox: Command[] = [];
  const instance = compiled.start(undefined, outbox);
  compiled.step(instance, { type: 'go' }, outbox);
  compiled.step(instance, { type: 'go' }, outbox);
  expect(outbox[0]).toEqual(say);
  expect(outbox[2]).toBe(outbox[0]);
  expect(outbox.every((command) => Object.isFrozen(command) && Object.isFrozen(command.params))).toBe(true);
});

test('an event is ignored where `meta.ignores` lists it and nothing but the catch-all takes it', () => {
  const compiled = compile(
    createMachine({
      on: { '*': { actions: [] } },
      meta: { ignores: { late: 'over', known: 'handled inside' } },
      initial: 'a',
      states: { a: { on: { known: {} }, meta: { ignores: { odd: 'harmless' } } } },
    } as never),
  );
  const instance = compiled.start(undefined, []);
  const ignored = ['late', 'odd', 'known', 'other'].filter((type) => compiled.ignores(instance, { type }));
  expect(ignored).toEqual(['late', 'odd']);
  expect(compiled.accepts(instance, { type: 'known' })).toBe(true);
  expect(compiled.accepts(instance, { type: 'late' })).toBe(false);
  expect(compiled.eventTypes).toEqual(['known']);
});

function failure(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
