/**
 * Reads what the language keeps to itself and V8 shows to debuggers: `#private` members and the entries of
 * weak collections. Runs no code of their owners.
 */
import type { Runtime } from 'node:inspector';
import { types } from 'node:util';
import { isObjectLike, listFrom, propertyOf } from './live-values.ts';
import { idFor, propertiesOf, releaseSoon, valuesOf } from './session.ts';

interface PrivateMember {
  readonly name: string;
  readonly value: Runtime.RemoteObject;
}

/**
 * The `#private` members of an object (of a class: the static ones), names with their `#`. A name that a
 * class and one it extends both use comes twice, first for the base class. Throws `InspectorUnavailable`.
 */
export function readPrivateMembers(object: object): [name: string, value: unknown][] {
  if (types.isProxy(object)) return [];
  try {
    const members = listFrom(propertyOf(propertiesOf(idFor(object)), 'privateProperties')).filter(isMember);
    const values = valuesOf(members.map(({ value }) => value));
    return members.map(({ name }, index) => [name, values[index]]);
  } finally {
    releaseSoon();
  }
}

/** The entries of a WeakMap; of a WeakSet, each member twice. Throws `InspectorUnavailable`. */
export function readWeakEntries(collection: object): [key: object, value: unknown][] {
  const isSet = types.isWeakSet(collection);
  if (!isSet && !types.isWeakMap(collection)) return [];
  try {
    const internals = propertiesOf(idFor(collection)).internalProperties ?? [];
    const entries = internals.find(({ name }) => name === '[[Entries]]')?.value;
    const [list] = entries === undefined ? [] : valuesOf([entries]);
    return listFrom(list).flatMap((entry): [object, unknown][] => {
      const value = propertyOf(entry, 'value');
      const key = isSet ? value : propertyOf(entry, 'key');
      // Node 20 and later allow symbols, too, which identify nothing in another process.
      return isObjectLike(key) ? [[key, value]] : [];
    });
  } finally {
    releaseSoon();
  }
}

/** A getter or setter has no value. */
function isMember(property: unknown): property is PrivateMember {
  return isObjectLike(propertyOf(property, 'value'));
}
