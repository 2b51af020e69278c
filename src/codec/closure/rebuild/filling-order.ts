/**
 * In which order to fill the nodes of a graph so that the data of a registered value is complete before the
 * user's function makes the value of it. This is Tarjan's way to find cycles, without recursion.
 */
import { edgesOf } from '../edges.ts';
import type { Graph } from '../wire.ts';
import type { CodeUnit } from '../unit.ts';

const noUnits: ReadonlyMap<string, CodeUnit> = new Map();

interface Visit {
  readonly index: number;
  readonly next: readonly number[];
  /** How many of `next` were followed. */
  followed: number;
}

/** Every node behind all it holds. Throws if a registered value holds itself, for which there is no order. */
export function fillingOrder(graph: Graph): number[] {
  const order: number[] = [];
  const search = new CycleSearch(graph, (index, isInCycle) => {
    const node = graph.nodes[index];
    if (isInCycle && node?.k === 'registered')
      throw new TypeError(
        `what was made of a "${node.type}" by its serializer holds that "${node.type}" again`,
      );
    order.push(index);
  });
  for (const index of graph.nodes.keys()) search.from(index);
  return order;
}

class CycleSearch {
  readonly #graph: Graph;
  readonly #onLeave: (index: number, isInCycle: boolean) => void;
  /** When a node was met first. */
  readonly #number = new Map<number, number>();
  /** The earliest node it leads back to. */
  readonly #low = new Map<number, number>();
  /** Nodes that were met, and may turn out to be in a cycle with an earlier one. */
  readonly #open: number[] = [];
  readonly #isOpen = new Set<number>();

  constructor(graph: Graph, onLeave: (index: number, isInCycle: boolean) => void) {
    this.#graph = graph;
    this.#onLeave = onLeave;
  }

  from(start: number): void {
    if (this.#number.has(start)) return;
    const path = [this.#enter(start)];
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const to = visit.next[visit.followed];
      visit.followed += 1;
      if (to === undefined) {
        path.pop();
        this.#leave(visit, path.at(-1));
      } else if (!this.#number.has(to)) path.push(this.#enter(to));
      else if (this.#isOpen.has(to)) this.#lower(visit.index, this.#number.get(to));
    }
  }

  #enter(index: number): Visit {
    const number = this.#number.size;
    this.#number.set(index, number);
    this.#low.set(index, number);
    this.#open.push(index);
    this.#isOpen.add(index);
    const node = this.#graph.nodes[index];
    // The function that decodes may well know, or even hold, what it has made.
    const edges =
      node === undefined
        ? []
        : edgesOf(node, this.#graph, noUnits).filter(({ label }) => label !== '<decode>');
    return { index, next: edges.map(({ to }) => to), followed: 0 };
  }

  #leave({ index, next }: Visit, from: Visit | undefined): void {
    const low = this.#low.get(index);
    const isFirst = low === this.#number.get(index);
    this.#onLeave(index, !isFirst || this.#open.at(-1) !== index || next.includes(index));
    if (isFirst) this.#close(index);
    if (from !== undefined) this.#lower(from.index, low);
  }

  #close(first: number): void {
    for (let index = this.#open.pop(); index !== undefined; index = this.#open.pop()) {
      this.#isOpen.delete(index);
      if (index === first) return;
    }
  }

  #lower(index: number, low = 0): void {
    this.#low.set(index, Math.min(this.#low.get(index) ?? low, low));
  }
}
