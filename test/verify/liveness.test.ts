/** What `eventually` rests on: traps in small random graphs, against trying every set of moments. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fairCircle } from '../../src/verify/circle.ts';
import { EdgeList } from '../../src/verify/edges.ts';
import { findTrap } from '../../src/verify/liveness.ts';

interface Edge {
  readonly from: number;
  readonly to: number;
  /** `null`: it does not have to happen. */
  readonly name: string | null;
}

interface Graph {
  readonly states: number;
  readonly edges: readonly Edge[];
  readonly pending: readonly boolean[];
}

const graph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 6 }).chain((states) => {
  const state = fc.nat({ max: states - 1 });
  const edge = fc.record({ from: state, to: state, name: fc.constantFrom('one', 'other', 'third', null) });
  return fc.record({
    states: fc.constant(states),
    edges: fc.array(edge, { maxLength: 12, size: 'max' }),
    pending: fc.array(
      fc.nat({ max: 4 }).map((n) => n > 0),
      { minLength: states, maxLength: states },
    ),
  });
});

function listOf({ states, edges }: Graph): EdgeList {
  const list = new EdgeList();
  for (let state = 0; state < states; state += 1) {
    list.begin();
    for (const { from, to, name } of edges) if (from === state) list.add(to, name);
  }
  return list;
}

const pendingOf = ({ pending }: Graph): Uint8Array => Uint8Array.from(pending, (is) => (is ? 2 : 0));

/** The names of what has to happen in a moment. */
const possibleIn = ({ edges }: Graph, state: number): Set<string> =>
  new Set(edges.flatMap(({ from, name }) => (from === state && name !== null ? [name] : [])));

/** Whether a path may visit exactly these moments again and again, and be fair. */
function isTrap(found: Graph, states: readonly number[]): boolean {
  const inner = found.edges.filter(({ from, to }) => states.includes(from) && states.includes(to));
  if (inner.length === 0) return states.length === 1 && possibleIn(found, states[0] ?? 0).size === 0;
  return isConnected(states, inner) && isFair(found, states, inner);
}

function isConnected(states: readonly number[], inner: readonly Edge[]): boolean {
  return states.every((start) => {
    const reached = new Set([start]);
    for (const state of reached) for (const { from, to } of inner) if (from === state) reached.add(to);
    return reached.size === states.length && inner.some(({ from }) => from === start);
  });
}

function isFair(found: Graph, states: readonly number[], taken: readonly Edge[]): boolean {
  return ['one', 'other', 'third'].every(
    (name) =>
      taken.some((edge) => edge.name === name) || states.some((state) => !possibleIn(found, state).has(name)),
  );
}

function allTraps(found: Graph): number[][] {
  const sets = Array.from({ length: 2 ** found.states - 1 }, (_, index) =>
    Array.from({ length: found.states }, (__, state) => state).filter(
      (state) => (((index + 1) >> state) & 1) === 1,
    ),
  );
  return sets.filter(
    (states) => states.every((state) => found.pending[state] === true) && isTrap(found, states),
  );
}

const runs = { seed: 20_261_122, numRuns: 3_000 };

describe('a trap', () => {
  test('is found where there is one, the nearest, and nowhere else', () => {
    let found = 0;
    fc.assert(
      fc.property(graph, (each) => {
        const traps = allTraps(each);
        const trap = findTrap(listOf(each), pendingOf(each), 1);
        expect(trap === null).toBe(traps.length === 0);
        if (trap === null) return;
        found += 1;
        expect(trap.state).toBe(Math.min(...traps.flat()));
        expect(traps.map((states) => states.join(' '))).toContain(
          trap.states.toSorted((a, b) => a - b).join(' '),
        );
      }),
      runs,
    );
    expect(found).toBeGreaterThan(500);
    expect(found).toBeLessThan(2_900);
  });

  test('has a fair way round, from its nearest moment back to it', () => {
    let longer = 0;
    fc.assert(
      fc.property(graph, (each) => {
        const list = listOf(each);
        const trap = findTrap(list, pendingOf(each), 1);
        if (trap === null || trap.isRest) return;
        const way = fairCircle(trap, list);
        const states = [trap.state, ...way.map((edge) => list.targetOf(edge))];
        for (const [at, edge] of way.entries()) {
          const from = states[at] ?? -1;
          expect(edge).toBeGreaterThanOrEqual(list.startOf(from));
          expect(edge).toBeLessThan(list.endOf(from));
        }
        expect(states.at(-1)).toBe(trap.state);
        expect(states.every((state) => trap.states.includes(state))).toBe(true);
        const taken = way.map((edge) => ({ from: 0, to: 0, name: list.nameTextOf(edge) }));
        expect(isFair(each, states, taken)).toBe(true);
        if (way.length > trap.states.length) longer += 1;
      }),
      runs,
    );
    expect(longer).toBeGreaterThan(0);
  });
});
