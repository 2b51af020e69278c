/**
 * Makes the nodes of a graph in an order in which each finds what it is made of, and fills them. Nothing
 * here calls itself, so that neither a long list nor a deep tree is too much for the stack.
 */
import { edgesOf, nodeOf } from '../edges.ts';
import type { Graph, GraphNode, Slot } from '../wire.ts';
import { fillingOrder } from './filling-order.ts';
import { MadeValues } from './made-values.ts';

/** How nodes are made. */
export interface NodeMaker {
  /** The slots whose values must be made before the node can be. */
  needs(node: GraphNode): readonly Slot[];
  /** An empty value of its kind. */
  make(node: GraphNode, index: number): unknown;
  /** Puts everything in it; false if something was not made yet, and so was left out. */
  fill(node: GraphNode, value: unknown, index: number): boolean;
}

/** One graph on its way to values. */
export class Construction {
  readonly made: MadeValues;
  readonly #graph: Graph;
  readonly #filled = new Set<number>();
  readonly #settled = new Set<number>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.made = new MadeValues(graph.nodes.length);
  }

  /** Makes and fills all nodes; gives the values of the graph's roots. */
  run(maker: NodeMaker): unknown[] {
    const { nodes, roots } = this.#graph;
    for (const index of nodes.keys()) this.#make(index, maker);
    if (nodes.some((node) => node.k === 'registered')) this.#decode(maker);
    for (const [index, node] of nodes.entries()) {
      this.#fill(index, maker);
      if (!this.#filled.has(index)) throw new TypeError(`a value of kind "${node.k}" is made of itself`);
    }
    return roots.map((slot) => this.made.ready(slot));
  }

  /** Makes a node and what it needs; what waits for a registered value stays as it is. */
  #make(first: number, maker: NodeMaker): void {
    if (this.made.has(first)) return;
    const waiting = [first];
    const entered = new Set<number>();
    for (let index = waiting.at(-1); index !== undefined; index = waiting.at(-1)) {
      const node = this.#graph.nodes[index];
      const missing = this.#isMakeable(index, node) ? this.#missing(maker.needs(node)) : undefined;
      if (missing !== undefined && missing.length > 0 && !entered.has(index)) {
        entered.add(index);
        waiting.push(...missing);
        continue;
      }
      waiting.pop();
      if (node !== undefined && missing?.length === 0) this.made.set(index, maker.make(node, index));
    }
  }

  #isMakeable(index: number, node: GraphNode | undefined): node is GraphNode {
    return node !== undefined && node.k !== 'registered' && !this.made.has(index);
  }

  #missing(slots: readonly Slot[]): number[] {
    return slots.flatMap((slot) => {
      const node = nodeOf(slot);
      return node === undefined || this.made.has(node) ? [] : [node];
    });
  }

  #fill(index: number, maker: NodeMaker): void {
    const node = this.#graph.nodes[index];
    if (node === undefined || this.#filled.has(index) || !this.made.has(index)) return;
    if (maker.fill(node, this.made.at(index), index)) this.#filled.add(index);
  }

  /** Makes the registered values, each when its data is complete. */
  #decode(maker: NodeMaker): void {
    for (const index of fillingOrder(this.#graph)) {
      const node = this.#graph.nodes[index];
      if (node?.k === 'registered') {
        this.#settle(nodeOf(node.decode), maker);
        this.made.set(index, maker.make(node, index));
      }
      this.#make(index, maker);
      this.#fill(index, maker);
    }
  }

  /** Fills, as far as possible now, all that a function may make use of when it is called. */
  #settle(first: number | undefined, maker: NodeMaker): void {
    if (first === undefined || this.#settled.has(first)) return;
    this.#settled.add(first);
    const found = new Set([first]);
    // A set goes on to what is added while it is walked.
    for (const index of found) {
      this.#fill(index, maker);
      const node = this.#graph.nodes[index];
      if (node === undefined || node.k === 'registered') continue;
      for (const { to } of edgesOf(node, this.#graph, new Map())) found.add(to);
    }
  }
}
