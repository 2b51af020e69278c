/** Makes of all that was found what is sent: numbered nodes, units of code, and what travels beside them. */
import type { Graph, Slot } from '../wire.ts';
import type { CodeUnit } from '../unit.ts';
import type { Capturing } from './capturing.ts';
import { findCells } from './cells.ts';
import { settleFailures } from './failures.ts';
import { GraphWriter } from './graph-writer.ts';

/** Values ready to be sent. */
export interface Captured {
  readonly graph: Graph;
  /** The code that the graph names, each once. */
  readonly units: readonly CodeUnit[];
  /** Views of the sender's own memory, not copies. */
  readonly binaries: readonly Uint8Array[];
  readonly signals: readonly AbortSignal[];
}

/** Throws NotSerializableError, with the way to what cannot go. */
export function finish(capturing: Capturing, roots: readonly Slot[]): Captured {
  const { entries, options, unresolved } = capturing;
  const drafts = entries.flatMap(({ draft }) => (draft?.k === 'code' ? [draft] : []));
  const cells = findCells(drafts, capturing);
  const hasFailures = entries.some(({ draft }) => draft?.k === 'refused');
  const settled = hasFailures ? settleFailures(entries, roots, options.roots) : undefined;
  const kept = settled === undefined ? entries : entries.filter((_, index) => settled.kept.has(index));
  const writer = new GraphWriter(capturing, { cells, refusals: settled?.refusals ?? new Map() });
  return {
    ...writer.write(kept),
    graph: {
      nodes: writer.nodes,
      roots,
      ...(unresolved.size > 0 ? { unresolved: [...unresolved] } : {}),
    },
  };
}
