/** The `#private` members of an instance, each class's by itself. */
import { ownValue } from '../../object-class.ts';
import { type Refusal, refusal, refuseObject } from '../../refusal.ts';
import { analyze } from '../source/analyze.ts';
import type { ClassMember, ClassSource } from '../source/function-source.ts';
import { readPrivateMembers } from '../v8/private-members.ts';
import type { PrivateMembers, Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { isOwnClass } from './own-functions.ts';
import { refuseOwnObject } from './refusals.ts';
import { isPackageReference } from './reference-policy.ts';
import { withoutInspector } from './without-inspector.ts';

interface Found {
  readonly members: readonly PrivateMembers[];
}

interface Failed {
  readonly refusal: Refusal;
}

/**
 * The private members of an instance of these classes, base class first; undefined if they declare none. The
 * classes then must go by value, for only their own text can set them.
 */
export function privatesOf(
  instance: object,
  classes: readonly object[],
  capturing: Capturing,
): Found | Failed | undefined {
  const declaring = classes.flatMap((made) => {
    const source = sourceWithPrivates(made);
    return source === undefined ? [] : [{ made, source }];
  });
  if (declaring.length === 0) return undefined;
  if (capturing.options.isDataOnly === true) return { refusal: refuseObject(instance) };
  const own = declaring.find(({ made }) => isOwnClass(made));
  if (own !== undefined) return { refusal: refuseOwnObject(own.made) };
  const imported = declaring.find(({ made }) => isPackageReference(capturing.entryOf(made)));
  if (imported !== undefined) return { refusal: refuseImported(imported.made) };
  const mixed = ambiguousName(declaring.map(({ source }) => source));
  if (mixed !== undefined) return { refusal: refuseMixed(mixed) };
  const read = withoutInspector(() => readPrivateMembers(instance));
  if (read === undefined) return { refusal: refuseUnreadable() };
  const members = declaring.map(({ made, source }) => {
    const of = capturing.slotByValue(made);
    return { of, members: takeFields(source.privateFields, read, capturing) };
  });
  return { members };
}

/** The source of a class, if its instances have private members. */
function sourceWithPrivates(made: object): ClassSource | undefined {
  const text = Function.prototype.toString.call(made);
  if (!text.startsWith('class') || !text.includes('#')) return undefined;
  const source = analyze(text).class;
  return source?.members.some((member) => isPrivate(member) && !member.isStatic) === true
    ? source
    : undefined;
}

function isPrivate({ key }: ClassMember): boolean {
  return key !== null && 'private' in key;
}

/** V8 lists members of the same name in the order of their classes, but methods apart from fields. */
function ambiguousName(sources: readonly ClassSource[]): string | undefined {
  const fields = new Set(sources.flatMap(({ privateFields }) => privateFields));
  return sources
    .flatMap(({ members }) => members)
    .flatMap(({ key, kind }) => (key !== null && 'private' in key && kind !== 'field' ? [key.private] : []))
    .find((name) => fields.has(name));
}

function takeFields(names: readonly string[], read: [string, unknown][], capturing: Capturing): Slot[] {
  return names.flatMap((name): Slot[] => {
    const at = read.findIndex(([candidate]) => candidate === name);
    const [taken] = at === -1 ? [] : read.splice(at, 1);
    return taken === undefined ? [] : [name.slice(1), capturing.slotOf(taken[1])];
  });
}

function refuseImported(made: object): Refusal {
  return refusal(
    `an instance of class ${nameOf(made)}, whose #private members only the package it is from can set`,
    'Register a serializer for the class with `registerSerializer`, or make the instance inside the task.',
  );
}

function refuseMixed(name: string): Refusal {
  return refusal(
    `an instance of several classes that have a private member ${name}`,
    'Give one of the members another name.',
  );
}

function refuseUnreadable(): Refusal {
  return refusal(
    'an instance with #private members, which only node:inspector can read',
    'Start Node with --allow-inspector, or register a serializer for the class.',
  );
}

function nameOf(made: object): string {
  const name = ownValue(made, 'name');
  return typeof name === 'string' && name !== '' ? name : '(without a name)';
}
