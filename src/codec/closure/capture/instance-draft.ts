/** Instances of classes, with the `#private` members their classes gave them. */
import { types } from 'node:util';
import { classNameOf, ownValue } from '../../object-class.ts';
import { type Refusal, refusal, refuseKnownObject, refuseObject } from '../../refusal.ts';
import { builtinExport, globalPath } from '../known.ts';
import { type Capturing, refused } from './capturing.ts';
import type { Draft } from './draft.ts';
import { isMadeByNode } from './node-internals.ts';
import { propertiesOf } from './own-properties.ts';
import { privatesOf } from './private-members.ts';
import { isNativeCode } from './native-code.ts';
import { isPrototypeOf, prototypeOf } from './prototype.ts';
import { classOf } from './prototype-owner.ts';

/** Classes of the language and of Node whose instances are nothing but objects with properties. */
const harmlessBases: ReadonlySet<unknown> = new Set([
  'Array',
  'Error',
  'EventEmitter',
  'Function',
  'Iterator',
  'Object',
]);

/** An object that is made by a class or inherits from some other object. */
export function instanceDraft(object: object, capturing: Capturing): Draft {
  for (const prototype of prototypesOf(object)) {
    if (types.isProxy(prototype)) return refused(refuseObject(prototype));
    if (!isSendablePrototype(prototype)) return refused(refuseBuiltin(object));
    const made = classOf(prototype);
    if (made === undefined) continue;
    if (!isKnownThere(made, capturing)) return refused(refuseObject(object));
    capturing.instantiated.add(made);
  }
  const proto = capturing.slotOf(prototypeOf(object));
  return withPrivates({ k: 'object', proto, ...propertiesOf(object, capturing) }, object, capturing);
}

/** The prototypes of an object, nearest first, without the one that all objects have. */
function* prototypesOf(object: object): Generator<object> {
  let prototype = prototypeOf(object);
  while (prototype !== null && !isPrototypeOf(prototype, 'Object')) {
    yield prototype;
    prototype = types.isProxy(prototype) ? null : prototypeOf(prototype);
  }
}

/** What Node or the language makes itself is more than can be seen of it. */
function isSendablePrototype(prototype: object): boolean {
  const made = classOf(prototype);
  if (made === undefined) return !isIteratorPrototype(prototype);
  if (isNativeCode(made) || globalPath(made) !== undefined || builtinExport(made) !== undefined)
    return isHarmless(made);
  return !isMadeByNode(made);
}

function isHarmless(made: object): boolean {
  return harmlessBases.has(ownValue(made, 'name')) || isErrorClass(made);
}

function isErrorClass(made: object): boolean {
  return ownValue(made, 'prototype') instanceof Error;
}

/** That of what `[].values()` gives, for one. */
function isIteratorPrototype(prototype: object): boolean {
  const next = ownValue(prototype, 'next');
  return typeof next === 'function' && isNativeCode(next);
}

/** With data, no class can go that the receiver does not have. */
function isKnownThere(made: object, { options }: Capturing): boolean {
  if (options.isDataOnly !== true) return true;
  return globalPath(made) !== undefined || options.knownClassId?.(made) !== undefined;
}

function refuseBuiltin(object: object): Refusal {
  const known = refuseKnownObject(object);
  if (known !== undefined) return known;
  const isIterator = [...prototypesOf(object)].some((prototype) => isIteratorPrototype(prototype));
  return isIterator
    ? refusal('an iterator, which is running code', 'Send the values: `[...iterator]`.')
    : refusal(`an instance of the builtin class ${classNameOf(object)}`, 'Make it inside the task.');
}

/** Adds the `#private` members, if the object is of a class that has some. */
export function withPrivates(node: Draft, object: object, capturing: Capturing): Draft {
  if (node.k === 'refused' || !('proto' in node) || node.proto === undefined) return node;
  const classes = [...prototypesOf(object)].flatMap((prototype) => classOf(prototype) ?? []).toReversed();
  const privates = privatesOf(object, classes, capturing);
  if (privates === undefined) return node;
  return 'refusal' in privates ? refused(privates.refusal) : { ...node, privates: privates.members };
}
