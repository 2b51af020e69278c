/**
 * Finds the transitions of a machine, in its config and as XState understands them, and puts changed ones in
 * their place. Nothing here changes a config: every edit copies what leads to the place it changes.
 */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { isRecord } from '../runtime/definition-value.ts';

/** A part of a config: of a state, of a transition. */
export type Config = Readonly<Record<string, unknown>>;

/** Gives the config of one state, changed. */
export type Edit = (config: Config) => Config;

/** One candidate of one event in one state. */
export interface TransitionSite {
  readonly state: AnyStateNode;
  /** As it is called in the id of a mutant: `task.returned[0]`, `after grace`. */
  readonly label: string;
  readonly index: number;
  /** All candidates of the same event in the same state, as the config has them. */
  readonly candidates: readonly Config[];
  /** The same as XState understands them: with targets resolved. */
  readonly definitions: readonly AnyTransitionDefinition[];
  /** The state with other candidates in place of all these. */
  readonly withCandidates: (candidates: readonly Config[]) => Edit;
}

/** The config of the machine with that of one state changed. */
export function editState(config: Config, path: readonly string[], edit: Edit): Config {
  const [key, ...inner] = path;
  if (key === undefined) return edit(config);
  const states = recordIn(config, 'states');
  return { ...config, states: { ...states, [key]: editState(recordIn(states, key), inner, edit) } };
}

/** What was written for the state. */
export function configOf(state: AnyStateNode): Config {
  return { ...state.config };
}

/** A config writes one as itself and several as a list. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The list without one of its items. */
export function without<Item>(list: readonly Item[], index: number): Item[] {
  return list.filter((_, at) => at !== index);
}

/** All transitions that leave a state, or stay in it, in the order of its config. */
export function transitionSitesOf(state: AnyStateNode): TransitionSite[] {
  const { on, after, always, onDone } = configOf(state);
  return [
    ...sitesOf(state, 'always', always, state.always ?? [], (list) => set('always', list)),
    ...Object.entries(Object(on)).flatMap(([type, configs]) =>
      sitesOf(state, type, configs, state.transitions.get(type) ?? [], (list) => setIn('on', type, list)),
    ),
    ...Object.entries(Object(after)).flatMap(([delay, configs]) =>
      sitesOf(state, `after ${delay}`, configs, delayedBy(state, delay), (list) =>
        setIn('after', delay, list),
      ),
    ),
    ...sitesOf(state, 'onDone', onDone, completionsOf(state), (list) => set('onDone', list)),
  ];
}

function sitesOf(
  state: AnyStateNode,
  name: string,
  configs: unknown,
  definitions: readonly AnyTransitionDefinition[],
  withCandidates: TransitionSite['withCandidates'],
): TransitionSite[] {
  const candidates = listOf(configs).map(asCandidate);
  return candidates.map((_, index) => {
    const label = candidates.length === 1 ? name : `${name}[${index}]`;
    return { state, label, index, candidates, definitions, withCandidates };
  });
}

/** A string is short for a transition that has but a target. */
function asCandidate(config: unknown): Config {
  return isRecord(config) ? config : { target: config };
}

function delayedBy(state: AnyStateNode, key: string): readonly AnyTransitionDefinition[] {
  const delay = Number.isNaN(Number(key)) ? key : Number(key);
  return state.after.filter((transition) => transition.delay === delay);
}

function completionsOf(state: AnyStateNode): readonly AnyTransitionDefinition[] {
  return state.transitions.get(`xstate.done.state.${state.id}`) ?? [];
}

function set(key: string, candidates: readonly Config[]): Edit {
  return (config) => (candidates.length === 0 ? omit(config, key) : { ...config, [key]: candidates });
}

function setIn(section: 'on' | 'after', key: string, candidates: readonly Config[]): Edit {
  return (config) => ({ ...config, [section]: set(key, candidates)(recordIn(config, section)) });
}

/** The config without a key, the others in their order. */
export function omit(config: Config, ...keys: readonly string[]): Config {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !keys.includes(key)));
}

function recordIn(config: Config, key: string): Config {
  const value = config[key];
  return isRecord(value) ? value : {};
}
