/**
 * Encodes what plain JSON cannot. A value that is a tree, or whose repeated references superjson can restore,
 * is written as it stands; any other is written again as a graph of nodes.
 */
import type { Root } from './frame.ts';
import { custom } from './parts.ts';
import { GraphNodes, TreeRepeats } from './repeats.ts';
import { annotationTree, Writer } from './writer.ts';

/** The parts of an encoded value. */
export interface Written {
  readonly json: string;
  readonly meta: string | null;
  readonly binaries: readonly Uint8Array[];
}

/** Writes a value for the place `at` of a message array. */
export function writeValue(value: unknown, at: number, root: Root): Written {
  const repeats = new TreeRepeats(String(at));
  const tree = new Writer(root, repeats);
  const json = tree.write(value, String(at));
  if (repeats.isTree && !tree.isTooDeep) {
    return { json, meta: metaText(tree.notes, repeats.equalities), binaries: tree.binaries };
  }
  return writeGraph(value, { at, root, shared: repeats.shared });
}

function writeGraph(
  value: unknown,
  { at, root, shared }: { at: number; root: Root; shared: Set<object> },
): Written {
  const nodes = new GraphNodes(value, shared);
  const writer = new Writer(root, nodes);
  const texts: string[] = [];
  for (let node = 0; node < nodes.values.length; node++) {
    texts.push(writer.write(nodes.values[node], String(node)));
  }
  const notes = [`${JSON.stringify(String(at))}:${annotationTree(custom('graph'), writer.notes)}`];
  return { json: `[${texts.join(',')}]`, meta: metaText(notes, new Map()), binaries: writer.binaries };
}

function metaText(
  notes: readonly string[],
  equalities: ReadonlyMap<string, readonly string[]>,
): string | null {
  const sections: string[] = [];
  if (notes.length > 0) sections.push(`"values":{${notes.join(',')}}`);
  if (equalities.size > 0) {
    const pairs = [...equalities].map(
      ([first, others]) => `${JSON.stringify(first)}:${JSON.stringify(others)}`,
    );
    sections.push(`"referentialEqualities":{${pairs.join(',')}}`);
  }
  return sections.length === 0 ? null : `{${sections.join(',')},"v":1}`;
}
