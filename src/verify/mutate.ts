/**
 * Makes mutants of a machine: the same definition with one thing wrong. A check that notices none of them
 * when there is something to notice checks less than it seems to.
 */
import { createMachine } from 'xstate';
import type { AnyStateMachine } from 'xstate';
import { compile } from '../runtime/compile.ts';
import {
  type Mutation,
  type MutationKind,
  mutationsOfState,
  mutationsOfTransition,
} from './mutation-kinds.ts';
import { type Config, editState, transitionSitesOf } from './mutation-sites.ts';
import { within } from './state-nodes.ts';

/** A machine with one thing wrong. */
export interface Mutant {
  /**
   * The same in every run: machine, state, place in it and change, such as
   * `worker alive.draining · task.returned[0] · drop release`.
   */
  readonly id: string;
  /** The name of the machine it was made from. */
  readonly of: string;
  readonly kind: MutationKind;
  /** What is wrong with it, as a part of a sentence: `the action release is dropped`. */
  readonly what: string;
  readonly machine: AnyStateMachine;
}

/**
 * All mutants of a machine, which itself stays as it is. Each has exactly one change:
 *
 * - a transition (`on`, `after`, `always`, `onDone`) is deleted, and the event falls to whoever is next;
 * - a guard is negated, or always holds;
 * - an action is dropped: of a transition, of an initial transition, at entry, at exit;
 * - a transition stays where it is, or leads to another state (at most two, beside its target);
 * - a state begins in another of its states;
 * - two guarded candidates of an event change places;
 * - a transition to its own state or into it does, or does not, leave that state on the way.
 *
 * Left out is what cannot be told from the original: changes of a candidate that is never tried, since one
 * without a guard stands before it; of one that does nothing and is the last to take an event listed in
 * `meta.ignores`; of `reenter` where nothing happens at entry or exit. Delays are not changed: that time
 * passes is checked, not how much. Mutants that do not compile are left out, too.
 *
 * A mutant may throw while it runs, such as for an endless loop: that also tells it from the original. Throws
 * `CompileError` if the machine itself does not compile.
 *
 * @example
 * ```ts
 * for (const { id, machine } of mutantsOf(workerMachine)) {
 *   if (findProblem(machine) === undefined) console.log(`Nobody notices ${id}.`);
 * }
 * ```
 */
export function mutantsOf(machine: AnyStateMachine, name: string = machine.id): Mutant[] {
  compile(machine);
  const known = new Map<string, number>();
  return within(machine.root).flatMap((state) => {
    const mutations = [
      ...mutationsOfState(state),
      ...transitionSitesOf(state).flatMap(mutationsOfTransition),
    ];
    return mutations.flatMap((mutation): Mutant[] => {
      const id = unique(idOf(name, state.path, mutation), known);
      const mutated = rebuild(machine, editState(machine.config, state.path, mutation.edit));
      if (mutated === undefined) return [];
      return [{ id, of: name, kind: mutation.kind, what: mutation.what, machine: mutated }];
    });
  });
}

function idOf(name: string, path: readonly string[], { place, change }: Mutation): string {
  const state = path.length === 0 ? name : `${name} ${path.join('.')}`;
  return `${state} · ${place} · ${change}`;
}

/** A list may hold the same action twice. */
function unique(id: string, known: Map<string, number>): string {
  const count = (known.get(id) ?? 0) + 1;
  known.set(id, count);
  return count === 1 ? id : `${id} #${count}`;
}

/** Undefined if there is no such machine. */
function rebuild(machine: AnyStateMachine, config: Config): AnyStateMachine | undefined {
  try {
    const mutated: AnyStateMachine = createMachine(config, machine.implementations);
    compile(mutated);
    return mutated;
  } catch {
    return undefined;
  }
}
