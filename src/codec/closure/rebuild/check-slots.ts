/** What a slot of a graph of data may be, and lists of them. */

/** The nodes that slots name, and how many pieces of bytes came beside them. */
export interface Bounds {
  readonly nodes: readonly unknown[];
  readonly binaryCount: number;
}

export type FieldCheck = (value: unknown, bounds: Bounds) => boolean;

/** A number of more digits would take seconds to read. */
const maxDigits = 1_000_000;

const odd: ReadonlySet<unknown> = new Set(['-0', 'NaN', 'Infinity', '-Infinity']);

export const isText = (value: unknown): value is string => typeof value === 'string';

export const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isNatural(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The kind of the node that a slot names; undefined if it names none. */
export function kindAt(slot: unknown, { nodes }: Bounds): unknown {
  if (!isList(slot) || slot.length !== 1 || !isNatural(slot[0])) return undefined;
  const node = nodes[slot[0]];
  return isRecord(node) ? node['k'] : undefined;
}

/** A slot that stands for a value. */
export const isSlot: FieldCheck = (value, bounds) => {
  if (!isList(value)) return isPlainSlot(value);
  if (value.length === 1) return value[0] === 'undefined' || kindAt(value, bounds) !== undefined;
  if (value.length !== 2) return false;
  const [tag, detail] = value;
  if (tag === 'number') return odd.has(detail);
  if (tag === 'bigint') return isText(detail) && detail.length <= maxDigits && /^-?\d+$/u.test(detail);
  return tag === 'prototype' && isClass(detail, bounds);
};

function isPlainSlot(value: unknown): boolean {
  return value === null || isText(value) || typeof value === 'boolean' || Number.isFinite(value);
}

const isClass: FieldCheck = (slot, bounds) => {
  const kind = kindAt(slot, bounds);
  return kind === 'knownClass' || kind === 'global';
};

/** A slot or, as in an array, nothing. */
const isItem: FieldCheck = (value, bounds) =>
  isSlot(value, bounds) || (isList(value) && value.length === 1 && value[0] === 'hole');

export const isItems: FieldCheck = (value, bounds) =>
  isList(value) && value.every((item) => isItem(item, bounds));

export const areSlots: FieldCheck = (value, bounds) =>
  isList(value) && value.every((item) => isSlot(item, bounds));

/** Key, value, key, value… */
export const arePairs: FieldCheck = (value, bounds) =>
  isList(value) && value.length % 2 === 0 && areSlots(value, bounds);

export const isProperties: FieldCheck = (value, bounds) =>
  isList(value) && arePairs(value, bounds) && value.every((key, index) => index % 2 === 1 || isText(key));

/** The prototype of a known class, an object, or none. */
export const isProto: FieldCheck = (value, bounds) => {
  if (value === null || kindAt(value, bounds) === 'object') return true;
  return isList(value) && value[0] === 'prototype' && isSlot(value, bounds);
};

const specialFields = new Set(['key', 'value', 'writable', 'enumerable', 'configurable']);

/** A property with a value: a getter or a setter is code. */
const isSpecial: FieldCheck = (property, bounds) => {
  if (!isRecord(property) || !Object.keys(property).every((field) => specialFields.has(field))) return false;
  const { key, value, ...flags } = property;
  const isKey = isText(key) || kindAt(key, bounds) === 'symbol';
  return isKey && isSlot(value, bounds) && Object.values(flags).every((flag) => flag === true);
};

export const areSpecial: FieldCheck = (value, bounds) =>
  isList(value) && value.every((property) => isSpecial(property, bounds));

/** A primitive in a slot of its own, or a symbol. */
export const isPrimitive: FieldCheck = (value, bounds) => {
  const isOther = isList(value) && (isNatural(value[0]) || value[0] === 'prototype');
  return isSlot(value, bounds) && (!isOther || kindAt(value, bounds) === 'symbol');
};
