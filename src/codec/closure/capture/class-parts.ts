/**
 * What a class is made of beside its text: superclass, keys, statics, and what was changed after it was
 * defined.
 */
import { ownValue } from '../../object-class.ts';
import { type Refusal, refusal } from '../../refusal.ts';
import type { ClassMember, ClassSource, FunctionSource } from '../source/function-source.ts';
import { isNodeGlobal } from '../known.ts';
import { readPrivateMembers } from '../v8/private-members.ts';
import type { ClassNode, Extras, Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { classIds } from './class-ids.ts';
import { matchMembers, type MatchedMembers } from './class-members.ts';
import type { CodeDraft } from './draft.ts';
import { nameOf, protoOfFunction } from './function-proto.ts';
import { propertiesOf } from './own-properties.ts';
import { isPrototypeOf, prototypeOf } from './prototype.ts';
import { withoutInspector } from './without-inspector.ts';

/** The node of a class, and which members its text keeps. */
export function classParts(
  { fn, source }: { readonly fn: object; readonly source: FunctionSource },
  described: ClassSource,
  capturing: Capturing,
): Pick<CodeDraft, 'node' | 'members'> | { readonly refusal: Refusal } {
  const prototype = prototypeObject(fn);
  const matched = matchMembers(fn, prototype, described, source.text);
  const field = described.members.find((member) => isNamedByVariable(member, source));
  if (field !== undefined) return { refusal: refuseField(source.text.slice(field.start, field.end)) };
  const privateStatics = privateStaticsOf(fn, described, capturing);
  if (privateStatics === undefined) return { refusal: refuseStatics() };
  const keys = matched.keys.map((key) => capturing.slotOf(key));
  const prototypeExtras = extrasOfPrototype(fn, prototype, matched, capturing);
  const node: ClassNode = {
    k: 'class',
    id: capturing.options.knownClassId?.(fn) ?? classIds.idOf(fn),
    code: '',
    name: nameOf(fn),
    ...superclassOf(fn, prototype, described, capturing),
    ...(keys.length > 0 ? { keys } : {}),
    ...(privateStatics.length > 0 ? { privateStatics } : {}),
    ...propertiesOf(fn, capturing, (key) => matched.statics.has(key) || isGiven(fn, key)),
    ...(Object.keys(prototypeExtras).length > 0 ? { prototype: prototypeExtras } : {}),
  };
  return { node, members: matched.choices };
}

function prototypeObject(fn: object): object {
  const prototype = ownValue(fn, 'prototype');
  return typeof prototype === 'object' && prototype !== null ? prototype : {};
}

/** What every class is made with. A static member may be called `name`, too. */
function isGiven(fn: object, key: string | symbol): boolean {
  if (key !== 'name') return key === 'length' || key === 'prototype';
  const property = Object.getOwnPropertyDescriptor(fn, 'name');
  return property?.enumerable === false && typeof property.value === 'string';
}

function superclassOf(
  fn: object,
  prototype: object,
  { superclass }: ClassSource,
  capturing: Capturing,
): Pick<ClassNode, 'superclass' | 'proto'> {
  if (superclass === null) {
    const proto = protoOfFunction(fn, capturing);
    return proto === undefined ? {} : { proto };
  }
  const extendsNull = prototypeOf(prototype) === null && protoOfFunction(fn, capturing) === undefined;
  return { superclass: extendsNull ? null : capturing.slotOf(prototypeOf(fn)) };
}

function extrasOfPrototype(
  fn: object,
  prototype: object,
  { own }: MatchedMembers,
  capturing: Capturing,
): Extras {
  const isOwn = (key: string | symbol): boolean =>
    own.has(key) || (key === 'constructor' && ownValue(prototype, key) === fn);
  const proto = changedProto(fn, prototype, capturing);
  return { ...propertiesOf(prototype, capturing, isOwn), ...(proto === undefined ? {} : { proto }) };
}

/** What a class's prototype inherits from, if its text does not say so. */
function changedProto(fn: object, prototype: object, capturing: Capturing): Slot | undefined {
  const proto = prototypeOf(prototype);
  const superclass = prototypeOf(fn);
  if (proto === null || isPrototypeOf(proto, 'Object')) return undefined;
  const inherited = superclass === null ? undefined : ownValue(superclass, 'prototype');
  return inherited === proto ? undefined : capturing.slotOf(proto);
}

/** undefined: they cannot be read. */
function privateStaticsOf(
  fn: object,
  { privateStatics }: ClassSource,
  capturing: Capturing,
): Slot[] | undefined {
  if (privateStatics.length === 0) return [];
  const read = withoutInspector(() => readPrivateMembers(fn));
  return read
    ?.filter(([name]) => privateStatics.includes(name))
    .flatMap(([name, value]): Slot[] => [name.slice(1), capturing.slotOf(value)]);
}

/**
 * A field whose key only the definition of the class could tell; `[Symbol.iterator]` is the same
 * everywhere.
 */
function isNamedByVariable({ kind, isStatic, key }: ClassMember, { variables }: FunctionSource): boolean {
  if (kind !== 'field' || isStatic || key === null || !('computed' in key)) return false;
  const { start, end } = key.computed;
  return [...variables.values()].some(
    ({ name, uses }) => !isNodeGlobal(name) && uses.some((use) => use.start >= start && use.end <= end),
  );
}

function refuseField(text: string): Refusal {
  const [line = ''] = text.split('\n');
  return refusal(
    `a class with a field under a computed key (\`${line}\`), which is known only while the class is defined`,
    'Set the field in the constructor: `this[key] = value`.',
  );
}

function refuseStatics(): Refusal {
  return refusal(
    'a class with static #private members, which only node:inspector can read',
    'Start Node with --allow-inspector, or import the class from a file of its own.',
  );
}
