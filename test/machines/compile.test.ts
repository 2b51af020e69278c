/**
 * The compiled form of every machine means what XState means: in every reachable situation, and on long
 * random walks.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { machines } from '../../machines/index.ts';
import type { Command, MachineEvent } from '../../src/runtime/compile.ts';
import { Lockstep } from '../helpers/lockstep.ts';
import type { Moment } from '../helpers/lockstep.ts';
import { samples } from './samples.ts';

const maxSituations = 3_000;
const walks = 200;
const stepsPerWalk = 100;

describe.each(Object.entries<AnyStateMachine>(machines))('%s', (name, machine) => {
  const { inputs, events } = samples[name] ?? { inputs: [], events: [] };

  test('has samples', () => {
    const { compiled } = new Lockstep(machine);
    const sampled = new Set(events.map((event) => event.type));
    expect(inputs.length).toBeGreaterThan(0);
    expect(compiled.eventTypes.filter((type) => !type.startsWith('xstate.') && !sampled.has(type))).toEqual(
      [],
    );
  });

  test('agrees with XState in every reachable situation', () => {
    const lockstep = new Lockstep(machine);
    const states = new Set<string>();
    for (const input of inputs) {
      const before = lockstep.comparisons;
      const situations = explore(lockstep, input, events);
      for (const situation of situations) states.add(situation.reference.state);
      expect(situations.length).toBeGreaterThan(5);
      expect(lockstep.comparisons - before).toBeGreaterThan(situations.length * events.length);
    }
    // Some of them only with some of the inputs.
    expect(states).toEqual(new Set(lockstep.compiled.stateNames));
  });

  test('agrees with XState on random walks', () => {
    const lockstep = new Lockstep(machine);
    const walk = fc.tuple(
      fc.constantFrom(...inputs),
      fc.array(fc.nat(), { minLength: stepsPerWalk, maxLength: stepsPerWalk, size: 'max' }),
    );
    fc.assert(
      fc.property(walk, ([input, choices]) => follow(lockstep, input, events, choices)),
      { seed: 20_260_101, numRuns: walks },
    );
    expect(lockstep.comparisons).toBeGreaterThanOrEqual(walks * (stepsPerWalk + 1));
  });
});

/** Breadth first: each event in each situation, timers that any situation ever set included. */
function explore(lockstep: Lockstep, input: unknown, samplesOfEvents: readonly MachineEvent[]): Moment[] {
  const events = new Map(samplesOfEvents.map((event) => [JSON.stringify(event), event]));
  const situations = new Map<string, Moment>();
  const pending: [Moment, MachineEvent][] = [];
  const meet = (moment: Moment): void => {
    for (const event of timersIn(moment.commands)) {
      const key = JSON.stringify(event);
      if (events.has(key)) continue;
      events.set(key, event);
      for (const known of situations.values()) pending.push([known, event]);
    }
    const key = JSON.stringify([moment.reference.state, moment.instance.context]);
    if (situations.has(key) || situations.size >= maxSituations) return;
    situations.set(key, moment);
    for (const event of events.values()) pending.push([moment, event]);
  };
  meet(lockstep.start(input));
  // Not for…of: the list grows while it is read.
  for (let next = 0; next < pending.length; next += 1) {
    const [moment, event] = pending[next] ?? [];
    if (moment !== undefined && event !== undefined) meet(lockstep.step(moment, event));
  }
  return [...situations.values()];
}

/** One life: each choice is a sample event or a timer that was set on the way. */
function follow(
  lockstep: Lockstep,
  input: unknown,
  samplesOfEvents: readonly MachineEvent[],
  choices: readonly number[],
): void {
  let moment = lockstep.start(input);
  const events = new Map(samplesOfEvents.map((event) => [JSON.stringify(event), event]));
  for (const choice of choices) {
    for (const event of timersIn(moment.commands)) events.set(JSON.stringify(event), event);
    const list = [...events.values()];
    const event = list[choice % list.length];
    if (event !== undefined) moment = lockstep.step(moment, event);
  }
}

function timersIn(commands: readonly Command[]): MachineEvent[] {
  return commands
    .filter((command) => command.type === 'setTimer')
    .map((command) => (command.params as { event: MachineEvent }).event);
}
