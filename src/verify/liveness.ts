/**
 * Finds where a system can stay for ever without something that must eventually hold: a moment it can rest
 * in, or a circle of moments that a fair path can go round. Both are strongly connected components of the
 * moments in which it does not hold (Tarjan 1972, without recursion).
 */
import type { EdgeList } from './edges.ts';

export interface Trap {
  /** Its moment that is nearest to the start. */
  readonly state: number;
  /** All its moments; one for a moment of rest. */
  readonly states: readonly number[];
  readonly isRest: boolean;
}

/** The fair component nearest to the start in which the property of `bit` never holds, or `null`. */
export function findTrap(edges: EdgeList, pending: Uint8Array, bit: number): Trap | null {
  const isPending = (state: number): boolean => ((pending[state] ?? 0) & (1 << bit)) !== 0;
  let nearest: Trap | null = null;
  for (const component of components(edges, isPending)) {
    const trap = trapOf(component, edges);
    if (trap !== null && (nearest === null || trap.state < nearest.state)) nearest = trap;
  }
  return nearest;
}

/** Weak fairness: whatever has to happen, and stays possible all the way round, happens on the way. */
function trapOf(states: readonly number[], edges: EdgeList): Trap | null {
  const inside = new Set(states);
  const happens = new Set<number>();
  let alwaysPossible: Set<number> | null = null;
  let hasInnerEdge = false;
  for (const state of states) {
    const possible = new Set<number>();
    for (let edge = edges.startOf(state); edge < edges.endOf(state); edge += 1) {
      const name = edges.nameOf(edge);
      if (name !== 0) possible.add(name);
      if (!inside.has(edges.targetOf(edge))) continue;
      hasInnerEdge = true;
      happens.add(name);
    }
    alwaysPossible = alwaysPossible === null ? possible : intersection(alwaysPossible, possible);
  }
  // Moments are numbered in the order in which they were found.
  const state = states.reduce((one, other) => Math.min(one, other));
  const isFair = [...(alwaysPossible ?? [])].every((name) => happens.has(name));
  return isFair ? { state, states, isRest: !hasInnerEdge } : null;
}

const intersection = (one: Set<number>, other: Set<number>): Set<number> =>
  new Set([...one].filter((item) => other.has(item)));

/** Strongly connected components of the moments that `isIn`, among those that were explored. */
function* components(edges: EdgeList, isIn: (state: number) => boolean): Generator<number[]> {
  const count = edges.states;
  const order = new Uint32Array(count);
  const low = new Uint32Array(count);
  const isOnStack = new Uint8Array(count);
  const next = new Uint32Array(count);
  const stack: number[] = [];
  const calls: number[] = [];
  let time = 0;
  const enter = (state: number): void => {
    time += 1;
    order[state] = time;
    low[state] = time;
    next[state] = edges.startOf(state);
    isOnStack[state] = 1;
    stack.push(state);
    calls.push(state);
  };
  for (let root = 0; root < count; root += 1) {
    if (order[root] !== 0 || !isIn(root)) continue;
    enter(root);
    while (calls.length > 0) {
      const state = calls.at(-1) ?? 0;
      const edge = next[state] ?? 0;
      if (edge < edges.endOf(state)) {
        next[state] = edge + 1;
        const target = edges.targetOf(edge);
        if (target >= count || !isIn(target)) continue;
        if (order[target] === 0) enter(target);
        else if (isOnStack[target] === 1) low[state] = Math.min(low[state] ?? 0, order[target] ?? 0);
        continue;
      }
      calls.pop();
      const caller = calls.at(-1);
      if (caller !== undefined) low[caller] = Math.min(low[caller] ?? 0, low[state] ?? 0);
      if (low[state] === order[state]) yield popTo(state, stack, isOnStack);
    }
  }
}

function popTo(root: number, stack: number[], isOnStack: Uint8Array): number[] {
  const component: number[] = [];
  for (;;) {
    const state = stack.pop();
    if (state === undefined) return component;
    isOnStack[state] = 0;
    component.push(state);
    if (state === root) return component;
  }
}
