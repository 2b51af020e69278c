/**
 * The objects the language itself has, each with the way to it from the globals. A realm that no program has
 * touched tells what belongs there.
 */
import { types } from 'node:util';
import vm from 'node:vm';
import { isNative } from '../reference/builtin-exports.ts';

/**
 * The way to an object: property names, `@@iterator` for a symbol, `get size` and `set size` for an
 * accessor.
 */
export type GlobalPath = readonly string[];

/** An object of this process, and its like in the realm no program has touched. */
type Walked = readonly [object: object, model: object, path: GlobalPath];

// V8's own console is hidden behind Node's.
const notIntrinsic = new Set(['console', 'globalThis']);

let hidden: ReadonlyMap<string, object> | undefined;
let untouched: object | undefined;

/** The global object of a realm that no program has touched. */
function untouchedRealm(): object {
  if (untouched !== undefined) return untouched;
  const realm: unknown = vm.runInNewContext('globalThis');
  untouched = isObjectLike(realm) ? realm : {};
  return untouched;
}

/** Whether the language itself has a global of this name. */
export function isLanguageGlobal(name: string): boolean {
  return Object.hasOwn(untouchedRealm(), name);
}

/** What the language has no name for, by the names of its specification. */
export function hiddenIntrinsics(): ReadonlyMap<string, object> {
  hidden ??= new Map(Object.entries(findHidden()));
  return hidden;
}

function prototypeOf(object: object): object {
  const prototype: unknown = Object.getPrototypeOf(object);
  return isObjectLike(prototype) ? prototype : {};
}

function findHidden(): Record<string, object> {
  const asyncGenerator = prototypeOf(async function* () {});
  const generator = prototypeOf(function* () {});
  const arrayIterator = prototypeOf([].values());
  return {
    AsyncFunction: prototypeOf(async () => {}).constructor,
    GeneratorFunction: generator.constructor,
    AsyncGeneratorFunction: asyncGenerator.constructor,
    TypedArray: prototypeOf(Uint8Array),
    ArrayIteratorPrototype: arrayIterator,
    MapIteratorPrototype: prototypeOf(new Map().values()),
    SetIteratorPrototype: prototypeOf(new Set().values()),
    StringIteratorPrototype: prototypeOf(''[Symbol.iterator]()),
    RegExpStringIteratorPrototype: prototypeOf(''.matchAll(/a/gu)),
    IteratorPrototype: prototypeOf(arrayIterator),
    AsyncIteratorPrototype: prototypeOf(prototypeOf((async function* () {})())),
  };
}

/** All intrinsics of this realm and, inside a vm context, of the main one. */
export function findIntrinsics(): ReadonlyMap<object, GlobalPath> {
  const found = new Map<object, GlobalPath>();
  const main: unknown = vm.runInThisContext('globalThis');
  for (const realm of new Set([globalThis, main]))
    if (isObjectLike(realm)) walk([realm, untouchedRealm(), []], found);
  for (const [name, object] of hiddenIntrinsics()) walk([object, object, [`%${name}`]], found);
  return found;
}

function walk(start: Walked, found: Map<object, GlobalPath>): void {
  const [object, , path] = start;
  if (path.length > 0 && !found.has(object)) found.set(object, path);
  const queue: Walked[] = [start];
  for (const walked of queue)
    for (const member of membersOf(walked)) {
      if (found.has(member[0])) continue;
      found.set(member[0], member[2]);
      queue.push(member);
    }
}

/** The members of an object that its model has, too, as far as they are the original ones. */
function membersOf([object, model, path]: Walked): Walked[] {
  const members: Walked[] = [];
  for (const key of Reflect.ownKeys(model)) {
    const step = stepFor(key);
    if (step === undefined || (path.length === 0 && notIntrinsic.has(step))) continue;
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    for (const kind of ['value', 'get', 'set'] as const) {
      const member: unknown = descriptor?.[kind];
      if (!isObjectLike(member) || types.isProxy(member)) continue;
      const prefix = kind === 'value' ? '' : `${kind} `;
      const original = originalOf(member, model, key, kind);
      if (original !== undefined) members.push([member, original, [...path, prefix + step]]);
    }
  }
  return members;
}

/**
 * What the model has in the place of `member`, if that is an original: a native function of the same name.
 */
function originalOf(
  member: object,
  model: object,
  key: string | symbol,
  kind: 'value' | 'get' | 'set',
): object | undefined {
  const isFunction = typeof member === 'function';
  if (isFunction && !isNative(member)) return undefined;
  // With only a name and a length there is nothing more to compare: the model's would have to be made first.
  if (isFunction && isNamedLike(member, key, kind) && Reflect.ownKeys(member).length === 2) return member;
  const original: unknown = Object.getOwnPropertyDescriptor(model, key)?.[kind];
  if (!isObjectLike(original) || typeof original !== typeof member) return undefined;
  const tag = isFunction ? 'name' : Symbol.toStringTag;
  return ownValue(member, tag) === ownValue(original, tag) ? original : undefined;
}

function isNamedLike(fn: object, key: string | symbol, kind: 'value' | 'get' | 'set'): boolean {
  const name = typeof key === 'symbol' ? `[${key.description}]` : key;
  return ownValue(fn, 'name') === (kind === 'value' ? name : `${kind} ${name}`);
}

function stepFor(key: string | symbol): string | undefined {
  if (typeof key === 'string') return key;
  const [, wellKnown] = /^Symbol\.(\w+)$/u.exec(key.description ?? '') ?? [];
  return wellKnown !== undefined && Reflect.get(Symbol, wellKnown) === key ? `@@${wellKnown}` : undefined;
}

function ownValue(object: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(object, key)?.value;
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
