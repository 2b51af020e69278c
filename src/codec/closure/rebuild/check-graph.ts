/**
 * Checks that what came from another process is a graph of data before anything is made of it: each kind,
 * field, index and size. What is not listed here is refused, as all code is.
 */
import type { DataNode, GlobalNode, Graph } from '../wire.ts';
import * as slots from './check-slots.ts';
import type { Bounds, FieldCheck } from './check-slots.ts';
import { sharedClasses } from './shared-classes.ts';

/** A graph without code: its globals are classes that every process has. */
export interface DataGraph extends Graph {
  readonly nodes: readonly (DataNode | GlobalNode)[];
}

interface Fields {
  readonly required: Readonly<Record<string, FieldCheck>>;
  readonly optional: Readonly<Record<string, FieldCheck>>;
}

const none: Readonly<Record<string, FieldCheck>> = {};

const integrities: ReadonlySet<unknown> = new Set(['frozen', 'sealed', 'fixed']);

const extras: Readonly<Record<string, FieldCheck>> = {
  properties: slots.isProperties,
  special: slots.areSpecial,
  proto: slots.isProto,
  integrity: (value) => integrities.has(value),
};

const pairsAndExtras: Fields = { required: { items: slots.arePairs }, optional: extras };
const itemsAndExtras: Fields = { required: { items: slots.areSlots }, optional: extras };

const kinds: ReadonlyMap<unknown, Fields> = new Map<DataNode['k'] | 'global', Fields>([
  ['object', { required: none, optional: extras }],
  ['array', { required: { items: slots.isItems }, optional: extras }],
  ['map', pairsAndExtras],
  ['set', itemsAndExtras],
  ['weakMap', pairsAndExtras],
  ['weakSet', itemsAndExtras],
  ['date', { required: { time: (value) => value === null || Number.isFinite(value) }, optional: extras }],
  [
    'regexp',
    {
      required: { source: slots.isText, flags: slots.isText },
      optional: { ...extras, lastIndex: Number.isFinite },
    },
  ],
  ['boxed', { required: { value: slots.isPrimitive }, optional: extras }],
  ['url', { required: { text: slots.isText }, optional: none }],
  ['searchParams', { required: { text: slots.isText }, optional: none }],
  ['error', { required: none, optional: { ...extras, stack: slots.isText } }],
  [
    'buffer',
    {
      required: { bytes: (value, { binaryCount }) => slots.isNatural(value) && value < binaryCount },
      optional: none,
    },
  ],
  [
    'view',
    {
      required: {
        type: slots.isText,
        buffer: (value, bounds) => slots.kindAt(value, bounds) === 'buffer',
        offset: slots.isNatural,
        length: slots.isNatural,
      },
      optional: none,
    },
  ],
  ['registered', { required: { type: slots.isText, data: slots.isSlot }, optional: none }],
  ['knownClass', { required: { id: slots.isText }, optional: none }],
  ['global', { required: { path: isSharedClass }, optional: none }],
]);

const symbolFields: readonly Fields[] = [
  { required: { key: slots.isText }, optional: none },
  { required: { wellKnown: slots.isText }, optional: none },
  { required: { id: slots.isText }, optional: { description: slots.isText } },
];

function isSharedClass(path: unknown): boolean {
  return slots.isList(path) && path.length === 1 && slots.isText(path[0]) && sharedClasses.has(path[0]);
}

/** Throws TypeError or RangeError, saying what is wrong. */
export function checkDataGraph(graph: unknown, binaryCount: number): asserts graph is DataGraph {
  if (!slots.isRecord(graph) || !slots.isList(graph['nodes'])) throw new TypeError('a graph has no nodes');
  const bounds: Bounds = { nodes: graph['nodes'], binaryCount };
  const roots = graph['roots'];
  if (!slots.isList(roots) || roots.length !== 1 || !slots.areSlots(roots, bounds))
    throw new TypeError('a graph of data has other than one root');
  for (const [index, node] of bounds.nodes.entries()) checkNode(node, index, bounds);
  for (const [index, node] of bounds.nodes.entries()) checkPrototypeChain(node, index, bounds);
}

function checkNode(node: unknown, index: number, bounds: Bounds): void {
  if (!slots.isRecord(node)) throw new TypeError(`node ${index} is no record`);
  const kind = node['k'];
  if (kind === 'symbol') {
    if (symbolFields.some((fields) => wrongField(node, fields, bounds) === undefined)) return;
    throw new TypeError(`node ${index}, a symbol, has wrong fields`);
  }
  const fields = kinds.get(kind);
  if (fields === undefined) throw new TypeError(`node ${index} is of no kind of data`);
  const wrong = wrongField(node, fields, bounds);
  if (wrong !== undefined)
    throw new TypeError(`node ${index}, of kind "${String(kind)}", has a wrong field "${wrong}"`);
  if (kind === 'array') checkArrayProperties(node, index);
}

function wrongField(
  node: Readonly<Record<string, unknown>>,
  { required, optional }: Fields,
  bounds: Bounds,
): string | undefined {
  const missing = Object.keys(required).find((field) => !Object.hasOwn(node, field));
  if (missing !== undefined) return missing;
  return Object.keys(node).find((field) => {
    if (field === 'k') return false;
    const check = own(required, field) ?? own(optional, field);
    return check === undefined || !check(node[field], bounds);
  });
}

function own(checks: Readonly<Record<string, FieldCheck>>, field: string): FieldCheck | undefined {
  return Object.hasOwn(checks, field) ? checks[field] : undefined;
}

/** A small message must not make an array of billions of holes. */
function checkArrayProperties(node: Readonly<Record<string, unknown>>, index: number): void {
  const { properties = [], special = [] } = node;
  const keys = slots.isList(properties) ? properties.filter((_, position) => position % 2 === 0) : [];
  const specialKeys = slots.isList(special)
    ? special.map((property) => (slots.isRecord(property) ? property['key'] : undefined))
    : [];
  const wrong = [...keys, ...specialKeys].find((key) => slots.isText(key) && /^(?:\d+|length)$/u.test(key));
  if (wrong !== undefined)
    throw new TypeError(`node ${index}, an array, has a property ${JSON.stringify(wrong)}`);
}

const maxPrototypes = 100;

/** A longer chain would make each look-up slow, and a circle endless. */
function checkPrototypeChain(node: unknown, index: number, { nodes }: Bounds): void {
  let current = node;
  for (let length = 0; slots.isRecord(current); length += 1) {
    if (length > maxPrototypes) throw new RangeError(`node ${index} has too long a chain of prototypes`);
    const { proto } = current;
    if (!slots.isList(proto) || !slots.isNatural(proto[0])) return;
    current = nodes[proto[0]];
  }
}
