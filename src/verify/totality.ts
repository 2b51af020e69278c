/**
 * Says where a machine leaves open what an event means. XState drops an event that no transition takes,
 * silently: so every event is handled in every state, or the state says in `meta.ignores` why it may be
 * dropped.
 */
import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { around, ignoresOf, within } from './state-nodes.ts';

/**
 * One sentence per gap; empty for a machine that is total. An event that neither a transition nor an entry of
 * `meta.ignores` mentions is unknown to the machine: name those it may get in `sent`.
 *
 * What counts as a gap: a state that neither handles nor ignores an event; an event dropped without a
 * reason; an ignored event that is handled after all; an entry that every state inside overrules; a final
 * state; an invoked actor; and a root without a `*` transition that asks for `unexpected`.
 *
 * @example
 * ```ts
 * const door = createMachine({
 *   initial: 'open',
 *   on: { '*': { actions: { type: 'unexpected' } } },
 *   states: {
 *     open: { on: { close: 'closed' } },
 *     closed: { meta: { ignores: { close: 'it is closed' } } },
 *   },
 * });
 * findGaps(door); // []
 * findGaps(door, ['lock']); // ['open neither handles nor ignores lock.', 'closed neither …']
 * ```
 */
export function findGaps(machine: AnyStateMachine, sent: readonly string[] = []): string[] {
  const states = within(machine.root);
  const leaves = states.filter((state) => state.type !== 'compound');
  const eventTypes = [...new Set([...eventTypesOf(states), ...sent])];
  return [
    ...gapsOfRoot(machine.root),
    ...states.flatMap(gapsOfState),
    ...leaves.flatMap((leaf) => eventTypes.flatMap((type) => gapsOfEvent(leaf, type))),
    ...states.flatMap((state) => uselessIgnores(state, eventTypes)),
  ];
}

/** Timers and completions belong to the state that asked for them and cannot come in another. */
function eventTypesOf(states: readonly AnyStateNode[]): string[] {
  const types = new Set<string>();
  for (const state of states) for (const type of state.transitions.keys()) types.add(type);
  for (const state of states) for (const type of Object.keys(ignoresOf(state))) types.add(type);
  return [...types].filter((type) => !type.startsWith('xstate.') && !type.includes('*'));
}

function gapsOfRoot(root: AnyStateNode): string[] {
  const actions = (root.transitions.get('*') ?? []).flatMap(
    ({ actions: list }) => list as readonly unknown[],
  );
  const reports = actions.some((action) => action === 'unexpected' || typeOf(action) === 'unexpected');
  return reports ? [] : ['The root has no `*` transition that asks for `unexpected`.'];
}

function gapsOfState(state: AnyStateNode): string[] {
  const gaps: string[] = [];
  if (state.type === 'final') gaps.push(`${nameOf(state)} is final: mail to it would be lost.`);
  if (state.invoke.length > 0) gaps.push(`${nameOf(state)} invokes an actor.`);
  for (const [type, reason] of Object.entries(ignoresOf(state))) {
    if (typeof reason !== 'string' || reason.trim() === '') {
      gaps.push(`${nameOf(state)} ignores ${type} without a reason.`);
    }
  }
  return gaps;
}

function gapsOfEvent(leaf: AnyStateNode, type: string): string[] {
  const handler = around(leaf).find((state) => mentions(state, type));
  const ignorer = around(leaf).find((state) => type in ignoresOf(state));
  if (handler === undefined) {
    return ignorer === undefined ? [`${nameOf(leaf)} neither handles nor ignores ${type}.`] : [];
  }
  const isDropped = transitionsOf(handler, type).every(isInert);
  if (isDropped) {
    return ignorer === undefined ? [`${nameOf(leaf)} drops ${type} without saying why in meta.ignores.`] : [];
  }
  // A state may ignore in general what a state inside it handles, not what it or a state around it handles.
  if (ignorer === undefined || isInside(handler, ignorer)) return [];
  return [`${nameOf(ignorer)} says that it ignores ${type}, but ${nameOf(handler)} handles it.`];
}

/** An entry that is overruled by every state inside says nothing. */
function uselessIgnores(state: AnyStateNode, eventTypes: readonly string[]): string[] {
  const leaves = within(state).filter((inner) => inner.type !== 'compound');
  return eventTypes
    .filter((type) => type in ignoresOf(state))
    .filter((type) =>
      leaves.every((leaf) => around(leaf).some((inner) => isInside(inner, state) && has(inner, type))),
    )
    .map(
      (type) =>
        `Every state in ${nameOf(state)} has its own word on ${type}: the entry in meta.ignores is dead.`,
    );
}

function has(state: AnyStateNode, type: string): boolean {
  return type in ignoresOf(state) || mentions(state, type);
}

/** Whether it has a transition for it that is not the catch-all. */
function mentions(state: AnyStateNode, type: string): boolean {
  return transitionsOf(state, type).length > 0;
}

function transitionsOf(state: AnyStateNode, type: string): AnyTransitionDefinition[] {
  return [...state.transitions.entries()]
    .filter(([descriptor]) => descriptor === type || coversAsPrefix(descriptor, type))
    .flatMap(([, transitions]) => transitions);
}

function coversAsPrefix(descriptor: string, type: string): boolean {
  return descriptor.endsWith('.*') && `${type}.`.startsWith(descriptor.slice(0, -1));
}

function isInert(transition: AnyTransitionDefinition): boolean {
  return transition.target === undefined && transition.actions.length === 0;
}

function isInside(state: AnyStateNode, container: AnyStateNode): boolean {
  return state !== container && around(state).includes(container);
}

function nameOf(state: AnyStateNode): string {
  return state.parent === undefined ? 'The root' : state.path.join('.');
}

function typeOf(action: unknown): unknown {
  return typeof action === 'object' && action !== null ? Reflect.get(action, 'type') : undefined;
}
