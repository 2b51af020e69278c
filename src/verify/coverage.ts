/** Which (state, event) pairs of a machine a search met, of all those that the machine knows. */
import type { MachineKind, MetPair } from './machine-kind.ts';
import { around, ignoresOf, within } from './state-nodes.ts';

/** The pairs of one machine. */
export interface Coverage {
  readonly machine: string;
  /** Those that were met, whether the state has a word on the event or not. */
  readonly pairs: readonly MetPair[];
  /** Those that were not met though the state, or one around it, handles or ignores the event. */
  readonly unmet: readonly MetPair[];
  /** How many pairs a state of the machine, or one around it, handles or ignores. */
  readonly known: number;
}

export function coverageOf(kind: MachineKind): Coverage {
  const pairs = kind.metPairs();
  const met = new Set(pairs.map(keyOf));
  const known = knownPairs(kind);
  const unmet = known.filter((pair) => !met.has(keyOf(pair)));
  return { machine: kind.name, pairs, unmet, known: known.length };
}

const keyOf = ({ state, event }: MetPair): string => `${state} ${event}`;

/** Completions are taken inside a step, and a catch-all names no event. */
function knownPairs({ definition }: MachineKind): MetPair[] {
  const leaves = within(definition.root).filter(
    (state) => state.type !== 'final' && Object.keys(state.states).length === 0,
  );
  return leaves.flatMap((leaf) => {
    const events = new Set<string>();
    for (const state of around(leaf)) {
      for (const event of state.transitions.keys()) events.add(event);
      for (const event of Object.keys(ignoresOf(state))) events.add(event);
    }
    return [...events]
      .filter((event) => event !== '' && !event.includes('*') && !event.startsWith('xstate.done.'))
      .map((event) => ({ state: leaf.path.join('.'), event }));
  });
}
