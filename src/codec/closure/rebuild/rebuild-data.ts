/**
 * Makes the values of a graph that another process sent as a result. That process is not trusted: everything
 * is checked first, nothing it sent is run, and no object that was here before is changed.
 */
import { checkDataGraph } from './check-graph.ts';
import { Construction } from './construction.ts';
import {
  type DataSources,
  dataNeeds,
  fillData,
  isDataNode,
  type KnownByName,
  makeData,
} from './data-nodes.ts';
import { sharedClasses } from './shared-classes.ts';

/**
 * The value of a graph's root. Throws TypeError or RangeError with the reason if it is not a graph of data,
 * names a class, serializer or bytes that are not here, or if a serializer throws.
 */
export function rebuildData(graph: unknown, binaries: readonly Uint8Array[], known: KnownByName): unknown {
  checkDataGraph(graph, binaries.length);
  const construction = new Construction(graph);
  const { made } = construction;
  const sources: DataSources = { made, binaries, known };
  try {
    const [root] = construction.run({
      needs: (node) => (isDataNode(node) ? dataNeeds(node) : []),
      make(node) {
        if (isDataNode(node)) return makeData(node, sources);
        return node.k === 'global' ? sharedClasses.get(node.path[0] ?? '') : undefined;
      },
      fill: (node, value) => !isDataNode(node) || fillData(node, value, made),
    });
    return root;
  } catch (cause) {
    if (cause instanceof TypeError || cause instanceof RangeError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`a value of a result could not be made again: ${why}`, { cause });
  }
}
