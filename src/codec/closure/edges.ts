/** Follows a graph: which nodes a node holds on to, and what a person would call the way there. */
import type { Extras, GraphNode, Slot } from './wire.ts';
import type { CodeUnit } from './unit.ts';

/** A step from one node to another. `label` continues the path of the first: `.name`, `[0]`, ` → helper`. */
export interface Edge {
  readonly label: string;
  readonly to: number;
}

/** The node a slot names, if it names one. */
export function nodeOf(slot: Slot | undefined): number | undefined {
  if (!Array.isArray(slot)) return undefined;
  let [first, second]: readonly unknown[] = slot;
  while (first === 'prototype' && Array.isArray(second)) [first, second] = second as readonly unknown[];
  return typeof first === 'number' ? first : undefined;
}

/** All steps from a node. */
export function edgesOf(
  node: GraphNode,
  { nodes }: { readonly nodes: { readonly length: number } },
  units: ReadonlyMap<string, CodeUnit>,
): Edge[] {
  const edges: Edge[] = [];
  const add = (label: string, slot: Slot | undefined): void => {
    const to = nodeOf(slot);
    if (to !== undefined) edges.push({ label, to });
  };
  addOwn(node, add, units);
  if ('properties' in node || 'special' in node || 'proto' in node || 'privates' in node)
    addExtras(node, '', add);
  return edges.filter(({ to }) => to < nodes.length);
}

type Add = (label: string, slot: Slot | undefined) => void;

function addOwn(node: GraphNode, add: Add, units: ReadonlyMap<string, CodeUnit>): void {
  switch (node.k) {
    case 'array':
      node.items.forEach((item, index) => add(`[${index}]`, item));
      break;
    case 'set':
    case 'weakSet':
      node.items.forEach((item, index) => add(`.values()[${index}]`, item));
      break;
    case 'map':
    case 'weakMap':
      addEntries(node.items, add);
      break;
    case 'boxed':
      add('', node.value);
      break;
    case 'view':
      add('.buffer', node.buffer);
      break;
    case 'registered':
      add('', node.data);
      add('<decode>', node.decode);
      break;
    case 'cell':
      if ('value' in node) add('', node.value);
      break;
    case 'function':
      addVariables(node, units.get(node.code), add);
      add(' → this', node.lexicalThis);
      add(' → super', node.superProto);
      if (node.prototype !== undefined) addExtras(node.prototype, '.prototype', add);
      break;
    case 'class':
      addVariables(node, units.get(node.code), add);
      add(' → extends', node.superclass);
      for (const key of node.keys ?? []) add(' → key', key);
      addPrivates(node.privateStatics ?? [], add);
      if (node.prototype !== undefined) addExtras(node.prototype, '.prototype', add);
      break;
    case 'bound':
      add(' → bound function', node.target);
      add(' → bound this', node.boundThis);
      node.args.forEach((arg, index) => add(` → bound argument ${index}`, arg));
      break;
    case 'signal':
      add('.reason', node.aborted);
      break;
    case 'promisified':
      add(' → promisified function', node.target);
      break;
    default:
  }
}

interface WithVariables {
  readonly values?: readonly Slot[];
  readonly cells?: readonly number[];
}

function addVariables(
  { values = [], cells = [] }: WithVariables,
  unit: CodeUnit | undefined,
  add: Add,
): void {
  values.forEach((value, index) => add(` → ${unit?.variables[index] ?? index}`, value));
  cells.forEach((cell, index) => add(` → ${unit?.cells[index] ?? index}`, [cell]));
}

function addExtras(extras: Extras, before: string, add: Add): void {
  const { properties = [], special = [], privates = [], proto } = extras;
  for (let index = 0; index < properties.length; index += 2)
    add(before + propertyLabel(properties[index]), properties[index + 1]);
  for (const { key, value, get, set } of special) {
    const label = before + propertyLabel(key);
    add(`${label} (its key)`, key);
    add(label, value);
    add(`${label} (its getter)`, get);
    add(`${label} (its setter)`, set);
  }
  for (const { of, members } of privates) {
    addPrivates(members, add);
    add('.constructor', of);
  }
  add(before + (isPrototypeSlot(proto) ? '.constructor' : '.__proto__'), proto);
}

function isPrototypeSlot(slot: Slot | undefined): boolean {
  return Array.isArray(slot) && slot[0] === 'prototype';
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `.name`, or `["any text"]`. */
function propertyLabel(key: Slot | undefined): string {
  if (typeof key !== 'string') return '[symbol]';
  return identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function addPrivates(members: readonly Slot[], add: Add): void {
  for (let index = 0; index < members.length; index += 2)
    add(`.#${String(members[index])}`, members[index + 1]);
}

function addEntries(items: readonly Slot[], add: Add): void {
  for (let index = 0; index < items.length; index += 2) {
    const key = items[index];
    const isShown = typeof key === 'string' || typeof key === 'number';
    add(`.keys()[${index / 2}]`, key);
    add(isShown ? `.get(${JSON.stringify(key)})` : `.values()[${index / 2}]`, items[index + 1]);
  }
}
