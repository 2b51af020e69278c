/**
 * The compiled form of every machine means what XState means: in every reachable situation, and on long
 * random walks.
 */
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { type AnyStateMachine, createMachine } from 'xstate';
import { machines } from '../../machines/index.ts';
import { compile, type Command, type CompiledMachine, type MachineEvent } from '../../src/runtime/compile.ts';
import { type PlainDefinition, writeTable, type WrittenTable } from '../../src/runtime/written-table.ts';
import { Lockstep } from '../helpers/lockstep.ts';
import type { Moment } from '../helpers/lockstep.ts';
import { samples } from './samples.ts';

const maxSituations = 3_000;
const walks = 200;
const stepsPerWalk = 100;

const read = await withoutXState();

describe.each<[name: string, form: string, AnyStateMachine, CompiledMachine]>([
  ...Object.entries<AnyStateMachine>(machines).map(
    ([name, machine]): [string, string, AnyStateMachine, CompiledMachine] => [
      name,
      'compiled',
      machine,
      compile(machine),
    ],
  ),
  ...Object.entries<AnyStateMachine>(machines).map(
    ([name, machine]): [string, string, AnyStateMachine, CompiledMachine] => [
      name,
      'read from its table',
      machine,
      read(name as keyof typeof machines),
    ],
  ),
])('%s, %s', (name, _form, machine, compiledMachine) => {
  const { inputs, events } = samples[name] ?? { inputs: [], events: [] };

  test('has samples', () => {
    const compiled = compiledMachine;
    const sampled = new Set(events.map((event) => event.type));
    expect(inputs.length).toBeGreaterThan(0);
    expect(compiled.eventTypes.filter((type) => !type.startsWith('xstate.') && !sampled.has(type))).toEqual(
      [],
    );
  });

  test('agrees with XState in every reachable situation', { timeout: 120_000 }, () => {
    const lockstep = new Lockstep(machine, compiledMachine);
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
    const lockstep = new Lockstep(machine, compiledMachine);
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

test('a table is not written of what XState itself adds to a definition', () => {
  const inner = { initial: 'first', states: { first: { type: 'final' } }, onDone: 'over' } as const;
  const machine = createMachine({ id: 'nested', initial: 'in', states: { in: inner, over: {} } });
  expect(() => writeTable(machine)).toThrow("Machine 'nested' cannot be written down");
});

test('a table is not read with another definition', async () => {
  const { readTable } = await import('../../src/runtime/written-table.ts');
  const other: PlainDefinition = { ...plainly(machines.child), config: { states: {} } };
  expect(() => readTable(writeTable(machines.child), other)).toThrow('its table is of another version');
});

/** The machines as built files run them: from data, and with the stand-in for XState. */
async function withoutXState(): Promise<(name: keyof typeof machines) => CompiledMachine> {
  const tables = Object.entries(machines).map(([name, machine]): [string, WrittenTable] => [
    name,
    JSON.parse(JSON.stringify(writeTable(machine))) as WrittenTable,
  ]);
  vi.resetModules();
  vi.doMock('xstate', () => import('../../src/runtime/xstate-stand-in.ts'));
  try {
    const definitions = (await import('../../machines/index.ts')).machines;
    const { readTable } = await import('../../src/runtime/written-table.ts');
    const compiled = new Map(
      tables.map(([name, table]) => {
        const definition = plainly(definitions[name as keyof typeof machines]);
        expect(definition, 'made by XState').not.toHaveProperty('root');
        return [name, readTable(table, definition)];
      }),
    );
    return (name) => compiled.get(name) ?? expect.unreachable();
  } finally {
    vi.doUnmock('xstate');
    vi.resetModules();
  }
}

function plainly(definition: unknown): PlainDefinition {
  return definition as PlainDefinition;
}

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
