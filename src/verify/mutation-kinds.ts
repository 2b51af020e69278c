/** What can be wrong with a machine, one small thing at a time: every mutation of a state or a transition. */
import { not } from 'xstate';
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { isBuiltIn, isCallable, isRecord, readReference } from '../runtime/definition-value.ts';
import { alternativesTo, isSelfInPlace, reentryMatters } from './mutation-targets.ts';
import {
  type Config,
  configOf,
  type Edit,
  listOf,
  omit,
  type TransitionSite,
  without,
} from './mutation-sites.ts';
import { isDeadCandidate, meansNothing } from './mutation-effects.ts';

export type MutationKind =
  | 'delete'
  | 'negate guard'
  | 'drop guard'
  | 'drop action'
  | 'drop target'
  | 'retarget'
  | 'swap'
  | 'reenter';

/** One change of one state. */
export interface Mutation {
  readonly kind: MutationKind;
  /** Where in the state: `task.returned[0]`, `entry`. */
  readonly place: string;
  /** What is done there, as it ends the id: `drop release`. */
  readonly change: string;
  /** The same as the end of a sentence. */
  readonly what: string;
  readonly edit: Edit;
}

/** It begins in another of its states, or an action that runs as it is entered or left is gone. */
export function mutationsOfState(state: AnyStateNode): Mutation[] {
  const { initial, entry, exit } = configOf(state);
  return [
    ...mutationsOfInitial(state, initial),
    ...dropEach('entry', listOf(entry), (left) => (config) => ({ ...config, entry: left })),
    ...dropEach('exit', listOf(exit), (left) => (config) => ({ ...config, exit: left })),
  ];
}

/** All mutations of one transition that can make a difference. */
export function mutationsOfTransition(site: TransitionSite): Mutation[] {
  const { candidates, definitions, index } = site;
  const candidate = candidates[index];
  const definition = definitions[index];
  if (candidate === undefined || definition === undefined || isDeadCandidate(site)) return [];
  const replace = (changed: Config): Edit => site.withCandidates(candidates.with(index, changed));
  return [
    ...(meansNothing(site) ? [] : [deletion(site), ...mutationsOfGuard(site, candidate, replace)]),
    ...dropEach(site.label, listOf(candidate['actions']), (left) => replace({ ...candidate, actions: left })),
    ...mutationsOfTarget(site, definition, candidate, replace),
    ...swapWithNext(site),
  ];
}

function deletion(site: TransitionSite): Mutation {
  return {
    kind: 'delete',
    place: site.label,
    change: 'delete',
    what: 'the transition is deleted',
    edit: site.withCandidates(without(site.candidates, site.index)),
  };
}

function mutationsOfGuard(
  { label }: TransitionSite,
  candidate: Config,
  replace: (changed: Config) => Edit,
): Mutation[] {
  const { guard } = candidate;
  if (guard === undefined) return [];
  const name = nameOf(guard, 'guard');
  return [
    {
      kind: 'negate guard',
      place: label,
      change: `negate ${name}`,
      what: `the guard ${name} is negated`,
      edit: replace({ ...candidate, guard: negated(guard) }),
    },
    {
      kind: 'drop guard',
      place: label,
      change: `always ${name}`,
      what: `the guard ${name} always holds`,
      edit: replace(omit(candidate, 'guard')),
    },
  ];
}

function mutationsOfTarget(
  { label }: TransitionSite,
  definition: AnyTransitionDefinition,
  candidate: Config,
  replace: (changed: Config) => Edit,
): Mutation[] {
  const [target] = definition.target ?? [];
  if (target === undefined) return [];
  const { source, reenter } = definition;
  const others = alternativesTo(target, (other) => !isSelfInPlace(source, other, reenter));
  const retargeted = firstAndLast(others).map((other): Mutation => ({
    kind: 'retarget',
    place: label,
    change: `to ${pathOf(other)}`,
    what: `it leads to ${pathOf(other)} instead of ${pathOf(target)}`,
    edit: replace({ ...candidate, target: `#${other.id}` }),
  }));
  const stays: Mutation = {
    kind: 'drop target',
    place: label,
    change: 'drop target',
    what: `it stays instead of going to ${pathOf(target)}`,
    edit: replace(omit(candidate, 'target', 'reenter')),
  };
  const reentry: Mutation = {
    kind: 'reenter',
    place: label,
    change: reenter ? 'no reenter' : 'reenter',
    what: reenter ? 'it does not leave and enter its own state again' : 'it leaves and enters its own state',
    edit: replace({ ...candidate, reenter: !reenter }),
  };
  return [
    ...(isSelfInPlace(source, target, reenter) ? [] : [stays]),
    ...retargeted,
    ...(reentryMatters(source, target) ? [reentry] : []),
  ];
}

function swapWithNext({ label, candidates, index, withCandidates }: TransitionSite): Mutation[] {
  const one = candidates[index];
  const other = candidates[index + 1];
  // Behind one without a guard it would never be tried: the same as deleted.
  if (one?.['guard'] === undefined || other?.['guard'] === undefined) return [];
  return [
    {
      kind: 'swap',
      place: label,
      change: `swap with [${index + 1}]`,
      what: 'it is tried after the next one',
      edit: withCandidates(candidates.with(index, other).with(index + 1, one)),
    },
  ];
}

function mutationsOfInitial(state: AnyStateNode, initial: unknown): Mutation[] {
  const [target] = state.initial.target;
  if (target === undefined) return [];
  const next = alternativesTo(target, (other) => other.parent === state).at(0);
  const retargeted: Mutation[] =
    next === undefined
      ? []
      : [
          {
            kind: 'retarget',
            place: 'initial',
            change: `to ${pathOf(next)}`,
            what: `it begins in ${pathOf(next)} instead of ${pathOf(target)}`,
            edit: begin(isRecord(initial) ? { ...initial, target: next.key } : next.key),
          },
        ];
  if (!isRecord(initial)) return retargeted;
  const actions = listOf(initial['actions']);
  return [...retargeted, ...dropEach('initial', actions, (left) => begin({ ...initial, actions: left }))];
}

function begin(initial: unknown): Edit {
  return (config) => ({ ...config, initial });
}

function dropEach(
  place: string,
  actions: readonly unknown[],
  edit: (left: readonly unknown[]) => Edit,
): Mutation[] {
  return actions.map((action, index) => {
    const name = nameOf(action, 'action');
    const what = `the action ${name} is dropped`;
    return { kind: 'drop action', place, change: `drop ${name}`, what, edit: edit(without(actions, index)) };
  });
}

function negated(guard: unknown): unknown {
  // A config that compiles has only guards that `not` takes.
  return Reflect.apply(not, undefined, [guard]);
}

function nameOf(value: unknown, fallback: string): string {
  if (!isCallable(value)) return readReference(value)?.name ?? fallback;
  if (!isBuiltIn(value, 'resolve')) return value.name === '' ? fallback : value.name;
  const about = readReference(value['event'])?.name ?? value['sendId'];
  const type = String(value['type']).replace('xstate.', '');
  return typeof about === 'string' ? `${type} ${about}` : type;
}

function pathOf(state: AnyStateNode): string {
  return state.parent === undefined ? 'the root' : state.path.join('.');
}

function firstAndLast<Item>(list: readonly Item[]): Item[] {
  return list.filter((_, index) => index === 0 || index === list.length - 1);
}
