/** A way round inside a component that a fair path may take for ever: the part of a story that never ends. */
import type { EdgeList } from './edges.ts';
import type { Trap } from './liveness.ts';

/**
 * A short way from the trap's nearest moment back to it, as edges. What has to happen and is possible all the
 * way round happens on it; otherwise nobody would have to go round for ever.
 */
export function fairCircle({ state: home, states }: Trap, edges: EdgeList): number[] {
  const inside = new Set(states);
  const way: number[] = [];
  let here = home;
  let owed: ReadonlySet<number> = possibleIn(home, edges);
  while (owed.size > 0 || here !== home || way.length === 0) {
    const isGoal = (edge: number): boolean =>
      owed.size > 0 ? [...owed].some((name) => settles(name, edge, edges)) : edges.targetOf(edge) === home;
    const next = nearest(here, inside, edges, isGoal);
    if (next === null) return way;
    way.push(...next);
    owed = stillOwed(owed, next, edges);
    here = edges.targetOf(next.at(-1) ?? 0);
  }
  return way;
}

/** A name is settled by an edge that is called so, or that leads to where nothing is called so. */
function settles(name: number, edge: number, edges: EdgeList): boolean {
  return edges.nameOf(edge) === name || !possibleIn(edges.targetOf(edge), edges).has(name);
}

function stillOwed(owed: ReadonlySet<number>, way: readonly number[], edges: EdgeList): Set<number> {
  return new Set([...owed].filter((name) => !way.some((edge) => settles(name, edge, edges))));
}

/** The names of what has to happen in a moment. */
function possibleIn(state: number, edges: EdgeList): Set<number> {
  const names = new Set<number>();
  for (let edge = edges.startOf(state); edge < edges.endOf(state); edge += 1) names.add(edges.nameOf(edge));
  names.delete(0);
  return names;
}

/** A shortest way to an edge that is wanted, and over it. */
function nearest(
  from: number,
  inside: ReadonlySet<number>,
  edges: EdgeList,
  isGoal: (edge: number) => boolean,
): number[] | null {
  const cameBy = new Map<number, number>();
  const cameFrom = new Map<number, number>();
  const queue = [from];
  // Not for…of: the list grows while it is read.
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] ?? from;
    for (let edge = edges.startOf(state); edge < edges.endOf(state); edge += 1) {
      const target = edges.targetOf(edge);
      if (!inside.has(target)) continue;
      if (isGoal(edge)) return [...wayBack(state, from, cameBy, cameFrom), edge];
      if (target === from || cameBy.has(target)) continue;
      cameBy.set(target, edge);
      cameFrom.set(target, state);
      queue.push(target);
    }
  }
  return null;
}

function wayBack(
  state: number,
  start: number,
  cameBy: ReadonlyMap<number, number>,
  cameFrom: ReadonlyMap<number, number>,
): number[] {
  const way: number[] = [];
  for (let at = state; at !== start; at = cameFrom.get(at) ?? start) way.push(cameBy.get(at) ?? 0);
  return way.toReversed();
}
