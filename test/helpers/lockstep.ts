/**
 * Runs a compiled machine and XState side by side and fails at the first difference in state, context or
 * commands.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { AnyStateMachine } from 'xstate';
import { compile } from '../../src/runtime/compile.ts';
import type { Command, CompiledMachine, MachineEvent, MachineInstance } from '../../src/runtime/compile.ts';
import { XStateReference } from './xstate-reference.ts';
import type { ReferenceState, ReferenceTurn } from './xstate-reference.ts';

/** The same moment in the life of one instance, as both see it. Never changed: a step makes the next one. */
export interface Moment {
  readonly reference: ReferenceState;
  readonly instance: Readonly<MachineInstance>;
  readonly commands: readonly Command[];
}

interface Turn {
  readonly state: string;
  readonly context: Record<string, unknown>;
  readonly commands: readonly Command[];
  readonly taken: boolean;
}

/** Neither of them survives the event: an endless loop of transitions. There is nothing more to compare. */
export class BothFailed extends Error {}

export class Lockstep {
  readonly compiled: CompiledMachine;
  /** How many turns were compared. */
  comparisons = 0;
  readonly #reference: XStateReference;

  constructor(machine: AnyStateMachine, compiled: CompiledMachine = compile(machine)) {
    this.compiled = compiled;
    this.#reference = new XStateReference(machine);
  }

  start(input: unknown): Moment {
    const commands: Command[] = [];
    const run = (): MachineInstance => this.compiled.start(input, commands);
    const reference = this.#orBothFail('the start', () => this.#reference.start(input), run);
    const instance = run();
    return this.#compare('the start', reference, instance, commands, reference.taken);
  }

  step(from: Moment, event: MachineEvent): Moment {
    const instance = { leaf: from.instance.leaf, context: { ...from.instance.context } };
    assert.equal(
      this.compiled.accepts(instance, event),
      this.#reference.accepts(from.reference, event),
      `accepts ${event.type} in ${from.reference.state}`,
    );
    const what = `${JSON.stringify(event)} in ${from.reference.state}`;
    const commands: Command[] = [];
    const run = (): boolean => this.compiled.step(instance, event, commands);
    const reference = this.#orBothFail(what, () => this.#reference.step(from.reference, event), run);
    const taken = run();
    return this.#compare(what, reference, instance, commands, taken);
  }

  #orBothFail(what: string, reference: () => ReferenceTurn, compiled: () => unknown): ReferenceTurn {
    try {
      return reference();
    } catch (error) {
      assert.throws(compiled, RangeError, `XState fails at ${what}, the compiled machine does not.`);
      throw new BothFailed(what, { cause: error });
    }
  }

  #compare(
    what: string,
    reference: ReferenceTurn,
    instance: MachineInstance,
    commands: readonly Command[],
    taken: boolean,
  ): Moment {
    this.comparisons += 1;
    const { state, context } = reference;
    const expected: Turn = { state, context, commands: reference.commands, taken: reference.taken };
    const actual = { state: this.compiled.stateName(instance), context: instance.context, commands, taken };
    if (!isDeepStrictEqual(actual, expected)) {
      assert.deepEqual(actual, expected, `After ${what}: the compiled machine (actual) differs from XState.`);
    }
    // A value that an assigner changes in place would be changed for both, and hide a difference.
    for (const value of Object.values(context)) deepFreeze(value);
    return { reference, instance, commands };
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
