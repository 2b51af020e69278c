/**
 * Takes one object apart into what its JSON text is made of, one level deep: a leaf, a list or a record of
 * parts.
 */
import { types } from 'node:util';
import { type BinaryPiece, binaryPiece } from './binary.ts';
import { errorRecord, type IsSendable } from './error-record.ts';
import { classNameOf, isErrorObject, isPlainObject } from './object-class.ts';
import { isExoticObject } from './plain-json.ts';
import { type Refusal, refusal, refuseObject } from './refusal.ts';

/** JSON text, and the superjson annotation (as JSON text) that says what to make of it. */
export interface Leaf {
  readonly kind: 'leaf';
  readonly annotation: string | null;
  readonly text: string;
}

/** A list (`keys` is null) or record of values that are still to be written. */
export class Parts {
  readonly kind = 'parts';
  readonly annotation: string | null;
  readonly keys: readonly string[] | null;
  readonly items: readonly unknown[];
  readonly #label: Label;
  constructor(
    annotation: string | null,
    keys: readonly string[] | null,
    items: readonly unknown[],
    label: Label,
  ) {
    this.annotation = annotation;
    this.keys = keys;
    this.items = items;
    this.#label = label;
  }

  /** `instanceof` would run a trap of a Proxy. */
  static is(object: object): object is Parts {
    return #label in object;
  }

  /** The way to the part at `index`, these parts being at `position` themselves. */
  labelOf(index: number, position: number): string {
    return this.#label(this, index, position);
  }
}

/**
 * How a person would write the way from a value to one of its parts; `position` is that of the parts
 * themselves.
 */
export type Label = (parts: Parts, index: number, position: number) => string;

export type Piece = Leaf | Parts | BinaryPiece | Refusal;

/** The annotation of a type of ours, as JSON text. */
export const custom = (name: string): string => `["custom","troupe/${name}"]`;

/** Keys superjson refuses to walk through, lest a message change a prototype. */
const guardedKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Makes a leaf. */
export function leaf(annotation: string | null, text: string): Leaf {
  return { kind: 'leaf', annotation, text };
}

/**
 * Takes an object apart without running its code; symbol keys and properties that are not enumerable stay
 * behind.
 */
export function takeApart(object: object, isSendable: IsSendable): Piece {
  if (types.isProxy(object)) return refuseObject(object);
  if (Array.isArray(object)) return listPiece(object);
  if (isPlainObject(object)) return isExoticObject(object) ? refuseObject(object) : recordPiece(object);
  const piece = builtinPiece(object) ?? binaryPiece(object);
  if (piece !== null) return piece;
  return isErrorObject(object) ? errorPiece(object, isSendable) : refuseObject(object);
}

function listPiece(list: readonly unknown[]): Piece {
  if (classNameOf(list) !== 'Array') return refuseObject(list);
  for (let index = 0; index < list.length; index++) {
    if (list[index] === undefined && !Object.hasOwn(list, index)) return sparsePiece(list);
  }
  return new Parts(null, null, list, indexLabel);
}

function sparsePiece(list: readonly unknown[]): Parts {
  const entries: Parts[] = [];
  for (const key of Object.keys(list)) {
    const index = Number(key);
    if (String(index) === key && index < list.length) {
      entries.push(new Parts(null, null, [index, list[index]], sparseLabel));
    }
  }
  return new Parts(custom('sparse'), null, [list.length, new Parts(null, null, entries, noLabel)], noLabel);
}

function recordPiece(record: object): Parts | Refusal {
  const keys = Object.keys(record);
  const items: unknown[] = [];
  let guarded = false;
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(record, key);
    if (property === undefined || !('value' in property)) {
      return refusal(
        'a getter, which is code',
        'Send the value it gives: `{ ...object }` runs it and keeps the value.',
        propertyLabel(key),
      );
    }
    items.push(property.value);
    guarded ||= guardedKeys.has(key);
  }
  if (!guarded) return new Parts(null, keys, items, keyLabel);
  return entriesOf(
    custom('object'),
    keys.map((key, index) => [key, items[index]]),
  );
}

/** A record as a list of `[key, value]`, for keys that cannot be part of a path. */
function entriesOf(annotation: string | null, entries: readonly (readonly [string, unknown])[]): Parts {
  const pairs = entries.map((entry) => new Parts(null, null, entry, entryLabel));
  return new Parts(annotation, null, pairs, noLabel);
}

function errorPiece(error: Error, isSendable: IsSendable): Parts {
  const record = errorRecord(error, isSendable);
  const items = Object.entries(record).map(([key, value]: [string, unknown]) =>
    key === 'fields' || key === 'hidden' ? entriesOf(null, record[key]) : value,
  );
  return new Parts(custom('error'), Object.keys(record), items, errorLabel);
}

function builtinPiece(object: object): Leaf | Parts | null {
  switch (classNameOf(object)) {
    case 'Date':
      return types.isDate(object) ? leaf('"Date"', `"${dateText(object)}"`) : null;
    case 'Map':
      return types.isMap(object) ? mapParts(object) : null;
    case 'Set':
      return types.isSet(object) ? new Parts('"set"', null, membersOf(object), setLabel) : null;
    case 'RegExp':
      return types.isRegExp(object) ? leaf('"regexp"', JSON.stringify(regexpText(object))) : null;
    case 'URL':
      return object instanceof URL ? leaf('"URL"', JSON.stringify(textOf(hrefOf, object))) : null;
    default:
      return null;
  }
}

function mapParts(map: object): Parts {
  const rows: Parts[] = [];
  // The method itself, here and below, because an object may have properties of its own with these names.
  Map.prototype.forEach.call(map, (value, key) => {
    rows.push(new Parts(null, null, [key, value], rowLabel));
  });
  return new Parts('"map"', null, rows, noLabel);
}

function membersOf(set: object): unknown[] {
  const members: unknown[] = [];
  Set.prototype.forEach.call(set, (member) => {
    members.push(member);
  });
  return members;
}

/** The text of an invalid date is one that `new Date()` finds invalid too. */
function dateText(date: Date): string {
  return Number.isNaN(Date.prototype.getTime.call(date))
    ? 'Invalid Date'
    : Date.prototype.toISOString.call(date);
}

const sourceOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'source');
const flagsOf = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags');
const hrefOf = Object.getOwnPropertyDescriptor(URL.prototype, 'href');

function regexpText(regexp: RegExp): string {
  return `/${textOf(sourceOf, regexp)}/${textOf(flagsOf, regexp)}`;
}

function textOf(property: PropertyDescriptor | undefined, object: object): string {
  return String(property?.get?.call(object));
}

const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** `.name`, or `["any text"]`. */
function propertyLabel(key: string): string {
  return identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

const noLabel: Label = () => '';
const indexLabel: Label = (_parts, index) => `[${index}]`;
const keyLabel: Label = (parts, index) => propertyLabel(parts.keys?.[index] ?? '');
const entryLabel: Label = (parts) => propertyLabel(String(parts.items[0]));
const sparseLabel: Label = (parts) => `[${String(parts.items[0])}]`;
const setLabel: Label = (_parts, index) => `.values()[${index}]`;

const rowLabel: Label = (parts, index, position) => {
  if (index === 0) return `.keys()[${position}]`;
  const [key] = parts.items;
  return typeof key === 'string' || typeof key === 'number'
    ? `.get(${JSON.stringify(key)})`
    : `.values()[${position}]`;
};

const errorLabel: Label = (parts, index) => {
  const key = parts.keys?.[index] ?? '';
  return key === 'fields' || key === 'hidden' ? '' : propertyLabel(key);
};
