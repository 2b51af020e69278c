/** Small machines for tests of mutants: their ids, one of them, and what it does. */
import { createMachine } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { compile, type Command } from '../../src/runtime/compile.ts';
import { mutantsOf } from '../../src/verify/mutate.ts';

export function idsOf(machine: AnyStateMachine): string[] {
  return mutantsOf(machine).map(({ id }) => id);
}

export function mutantCalled(machine: AnyStateMachine, id: string): AnyStateMachine {
  const found = mutantsOf(machine).find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no mutant '${id}'.`);
  return found.machine;
}

/** A machine that begins in its first state. */
export function machineWith(states: object, root: object = {}): AnyStateMachine {
  const config = { id: 'it', initial: Object.keys(states)[0], states, ...root };
  return createMachine(config as never, { actions: { count: (): void => {} } });
}

/** Where each event leads, and what was asked for on the way. */
export function walk(
  machine: AnyStateMachine,
  types: readonly string[],
): { readonly states: string[]; readonly commands: string[]; readonly presses: unknown } {
  const compiled = compile(machine);
  const outbox: Command[] = [];
  const instance = compiled.start(undefined, outbox);
  const states = types.map((type) => {
    compiled.step(instance, { type }, outbox);
    return compiled.stateName(instance);
  });
  return { states, commands: outbox.map(({ type }) => type), presses: instance.context['presses'] };
}
