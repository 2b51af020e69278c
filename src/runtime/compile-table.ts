/**
 * Lays out a definition as one row per atomic state, in which every event type leads straight to its
 * candidates.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { compileAction } from './compile-actions.ts';
import type { Perform } from './compile-actions.ts';
import { CompileError } from './compile-error.ts';
import { isRecord } from './definition-value.ts';
import type { Guard } from './compile-guards.ts';
import { isEnd, pathFromRoot, planStart, planTransition, type Sources } from './compile-plan.ts';

/** What happens when a transition is taken from the row it is listed in. */
export interface Step {
  readonly guard: Guard | undefined;
  readonly performs: readonly Perform[];
  readonly sources: Sources;
  /** The index of the row it ends in. */
  readonly end: number;
  readonly changes: boolean;
  readonly isCatchAll: boolean;
}

export interface Row {
  readonly name: string;
  readonly isEnd: boolean;
  readonly always: readonly Step[];
  /** Every event type that is named here or around, its candidates in the order to try them. */
  readonly named: ReadonlyMap<string, readonly Step[]>;
  /** The candidates for all other event types. `prefix` is empty for `*`. */
  readonly unnamed: readonly { readonly prefix: string; readonly step: Step }[];
  /** Event types that `meta.ignores` here or around declares harmless. */
  readonly ignored: ReadonlySet<string>;
}

export interface Table {
  readonly rows: readonly Row[];
  readonly start: Pick<Step, 'performs' | 'sources' | 'end'>;
  readonly eventTypes: readonly string[];
}

export function layOut(machine: AnyStateMachine): Table {
  const states = inDocumentOrder(machine.root);
  states.forEach(refuseUnsupported);
  const leaves = states.filter((state) => state.type !== 'compound');
  const start = planStart(machine.root);
  return {
    rows: leaves.map((leaf) => new RowBuilder(leaf, leaves).build()),
    start: { performs: start.performs, sources: start.sources, end: leaves.indexOf(start.end) },
    eventTypes: [...descriptorsOf(states)].filter(isEventType),
  };
}

class RowBuilder {
  readonly #leaf: AnyStateNode;
  readonly #leaves: readonly AnyStateNode[];
  /** The leaf first, the root last: the order in which XState asks. */
  readonly #around: readonly AnyStateNode[];
  readonly #steps = new Map<AnyTransitionDefinition, Step>();

  constructor(leaf: AnyStateNode, leaves: readonly AnyStateNode[]) {
    this.#leaf = leaf;
    this.#leaves = leaves;
    this.#around = pathFromRoot(leaf).toReversed();
  }

  build(): Row {
    const types = [...descriptorsOf(this.#around)].filter(isEventType);
    return {
      name: this.#leaf.path.join('.'),
      isEnd: isEnd(this.#leaf),
      always: this.#around.flatMap((state) => state.always ?? []).map((transition) => this.#step(transition)),
      named: new Map(types.map((type) => [type, this.#candidates(type).map((found) => this.#step(found))])),
      unnamed: this.#around
        .flatMap((state) => wildcardsOf(state))
        .map((found) => ({ prefix: prefixOf(found.eventType), step: this.#step(found) })),
      ignored: new Set(this.#around.flatMap((state) => Object.keys(ignoresOf(state)))),
    };
  }

  #candidates(type: string): AnyTransitionDefinition[] {
    return this.#around.flatMap((state) => [
      ...(state.transitions.get(type) ?? []),
      ...wildcardsOf(state).filter((found) => matches(type, prefixOf(found.eventType))),
    ]);
  }

  #step(transition: AnyTransitionDefinition): Step {
    const known = this.#steps.get(transition);
    if (known !== undefined) return known;
    const { guard, performs, sources, end, changes, descriptor } = planTransition(this.#leaf, transition);
    const isCatchAll = descriptor === '*';
    const step: Step = { guard, performs, sources, end: this.#leaves.indexOf(end), changes, isCatchAll };
    this.#steps.set(transition, step);
    return step;
  }
}

/** Whether `a.*`, given as its prefix `a.`, covers the type: `a` itself and all that starts with `a.`. */
export function matches(type: string, prefix: string): boolean {
  return `${type}.`.startsWith(prefix);
}

function prefixOf(descriptor: string): string {
  return descriptor.slice(0, -1);
}

/** The longest descriptor first, as it says most. */
function wildcardsOf(state: AnyStateNode): AnyTransitionDefinition[] {
  return [...state.transitions.entries()]
    .filter(([descriptor]) => !isEventType(descriptor))
    .toSorted(([one], [other]) => other.length - one.length)
    .flatMap(([, transitions]) => transitions);
}

function descriptorsOf(states: readonly AnyStateNode[]): Set<string> {
  return new Set(states.flatMap((state) => Array.from(state.transitions.keys())));
}

function isEventType(descriptor: string): boolean {
  return !descriptor.includes('*');
}

/** What a state declares as known and harmless. XState has no such word, so it stands in `meta`. */
function ignoresOf(state: AnyStateNode): Record<string, unknown> {
  const meta: unknown = state.meta;
  const ignores = isRecord(meta) ? meta['ignores'] : undefined;
  return isRecord(ignores) ? ignores : {};
}

function inDocumentOrder(state: AnyStateNode): AnyStateNode[] {
  return [state, ...Object.values(state.states).flatMap(inDocumentOrder)];
}

function refuseUnsupported(state: AnyStateNode): void {
  const refuse = (feature: string): never => {
    throw new CompileError(state, `${feature}, which is not supported`);
  };
  if (state.type === 'parallel' || state.type === 'history') refuse(`a ${state.type} state`);
  if (state.type !== 'compound' && Object.keys(state.states).length > 0)
    refuse(`states in a ${state.type} state`);
  if (state.invoke.length > 0) refuse('invoke');
  if ('route' in state.config) refuse('route');
  if (state.parent === undefined && state.type === 'final') refuse('a final root');
  if (state.parent === undefined && state.output !== undefined) refuse('the output of a machine');
  // Also those that no transition ever runs.
  for (const action of [...state.entry, ...state.exit, ...state.initial.actions])
    compileAction(action, state);
  for (const descriptor of state.transitions.keys()) {
    if (/\*./u.test(descriptor) || /[^.]\*$/u.test(descriptor))
      refuse(`the event descriptor '${descriptor}'`);
  }
}
