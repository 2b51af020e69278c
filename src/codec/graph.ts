/**
 * The receiving side of values that are not trees: a list of nodes, in which a reference names another node.
 */

/** Stands in a received node for another node of its graph. */
export class Reference {
  readonly node: number;
  constructor(node: unknown) {
    if (typeof node !== 'number' || !Number.isInteger(node)) throw new TypeError('a reference names no node');
    this.node = node;
  }
}

/**
 * Puts the nodes in the places of the references to them, and gives the first node, which is the whole value.
 */
export function linkGraph(nodes: unknown): unknown {
  if (!Array.isArray(nodes) || nodes.length === 0) throw new TypeError('a graph has no nodes');
  const linked: readonly unknown[] = nodes;
  const resolve = (value: unknown): unknown => {
    if (!(value instanceof Reference)) return value;
    if (value.node < 0 || value.node >= linked.length)
      throw new RangeError(`a graph has no node ${value.node}`);
    return linked[value.node];
  };
  // Nodes are trees until they are linked, so nothing is met twice.
  const pending: unknown[] = [...linked];
  while (pending.length > 0) {
    const container = pending.pop();
    if (typeof container === 'object' && container !== null) linkContainer(container, resolve, pending);
  }
  return linked[0];
}

type Resolve = (value: unknown) => unknown;

function linkContainer(container: object, resolve: Resolve, pending: unknown[]): void {
  if (ArrayBuffer.isView(container)) return;
  if (container instanceof Map) linkMap(container, resolve, pending);
  else if (container instanceof Set) linkSet(container, resolve, pending);
  else linkProperties(container, resolve, pending);
}

function linkMap(map: Map<unknown, unknown>, resolve: Resolve, pending: unknown[]): void {
  const entries = [...map];
  pending.push(...entries.flat());
  // Filled anew, because a replaced key would move to the end.
  map.clear();
  for (const [key, value] of entries) map.set(resolve(key), resolve(value));
}

function linkSet(set: Set<unknown>, resolve: Resolve, pending: unknown[]): void {
  const items = [...set];
  pending.push(...items);
  set.clear();
  for (const item of items) set.add(resolve(item));
}

function linkProperties(container: object, resolve: Resolve, pending: unknown[]): void {
  // All names, because the cause and the inner errors of an error are there although they do not show.
  for (const key of Object.getOwnPropertyNames(container)) {
    const property = Object.getOwnPropertyDescriptor(container, key);
    if (property?.value instanceof Reference) {
      Object.defineProperty(container, key, { ...property, value: resolve(property.value) });
    } else if (typeof property?.value === 'object' && property.value !== null) {
      pending.push(property.value);
    }
  }
}
