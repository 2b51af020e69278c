/**
 * Says what of a function would be sent, how, and how much of it: every captured variable with the way to it,
 * and the way to the heaviest one.
 */
import { edgesOf, nodeOf } from './edges.ts';
import type { Graph, GraphNode } from './wire.ts';
import type { CodeUnit } from './unit.ts';

/** One thing that would be sent. */
export interface ExplainedPart {
  /** `closure → helper → table.rows` */
  readonly path: string;
  /** `function`, `class`, `map`, `global`, … */
  readonly what: string;
  /** By reference it is found again in the worker: `from` says where. */
  readonly by: 'value' | 'reference';
  readonly from: string | undefined;
  /** Its own size, without what it holds on to. */
  readonly bytes: number;
  /** Its size with all that is only reached through it first. */
  readonly totalBytes: number;
}

/** What is in a message about captured values. */
export interface Weighable {
  readonly graph: Graph;
  readonly units: readonly CodeUnit[];
  readonly binaries: readonly Uint8Array[];
  /** What the roots are called. */
  readonly labels: readonly string[];
}

/** Every part, nearest first. */
export function explainParts({ graph, units, binaries, labels }: Weighable): ExplainedPart[] {
  const walk = walkFrom(graph, new Map(units.map((unit) => [unit.id, unit])), labels);
  const bytes = walk.map(({ node }) => bytesOf(node, binaries));
  const total = [...bytes];
  // Children stand behind their parents, so that one pass from the end adds them all up.
  for (let at = walk.length - 1; at >= 0; at -= 1) {
    const { parent } = walk[at] ?? { parent: -1 };
    if (parent >= 0) total[parent] = (total[parent] ?? 0) + (total[at] ?? 0);
  }
  return walk.map(({ node, path }, at) =>
    Object.assign(natureOf(node), { path, bytes: bytes[at] ?? 0, totalBytes: total[at] ?? 0 }),
  );
}

/** The way to where most of the bytes are: down from a root as long as one step keeps more than half. */
export function heaviestPart(parts: readonly ExplainedPart[], root: string): ExplainedPart | undefined {
  const below = parts.filter(({ path }) => path.startsWith(root));
  const whole = below[0]?.totalBytes ?? 0;
  return below.findLast(({ totalBytes }) => totalBytes > whole / 2);
}

interface Visit {
  readonly node: GraphNode;
  readonly path: string;
  /** The index of the visit it was first reached from; -1 for a root. */
  readonly parent: number;
}

/** Nearest first, each node once. */
function walkFrom(graph: Graph, units: ReadonlyMap<string, CodeUnit>, labels: readonly string[]): Visit[] {
  const visits: Visit[] = [];
  const seen = new Set<number>();
  const visit = (to: number | undefined, path: string, parent: number): void => {
    const node = to === undefined ? undefined : graph.nodes[to];
    if (to === undefined || node === undefined || seen.has(to)) return;
    seen.add(to);
    visits.push({ node, path, parent });
  };
  graph.roots.forEach((slot, index) => visit(nodeOf(slot), labels[index] ?? `value ${index}`, -1));
  for (let at = 0; at < visits.length; at += 1) {
    const { node, path } = visits[at] ?? {};
    if (node === undefined) break;
    for (const { label, to } of edgesOf(node, graph, units)) visit(to, `${path}${label}`, at);
  }
  return visits;
}

function bytesOf(node: GraphNode, binaries: readonly Uint8Array[]): number {
  const beside = node.k === 'buffer' ? (binaries[node.bytes]?.byteLength ?? 0) : 0;
  return JSON.stringify(node).length + beside;
}

function natureOf(node: GraphNode): Pick<ExplainedPart, 'what' | 'by' | 'from'> {
  switch (node.k) {
    case 'global':
      return { what: 'global', by: 'reference', from: node.path.join('.') };
    case 'module':
      return { what: 'import', by: 'reference', from: `${node.name} of ${node.specifier}` };
    case 'commonjs':
      return { what: 'export', by: 'reference', from: `${node.name ?? 'all'} of ${node.file}` };
    case 'require':
      return { what: 'require', by: 'reference', from: node.file };
    case 'knownClass':
      return { what: 'class', by: 'reference', from: node.id };
    case 'registered':
      return { what: node.type, by: 'value', from: undefined };
    case 'view':
      return { what: node.type, by: 'value', from: undefined };
    case 'cell':
      return { what: 'variable', by: 'value', from: undefined };
    default:
      return { what: node.k, by: 'value', from: undefined };
  }
}
