/** Describes a class by its syntax tree: its members, and what of them runs when the class is defined. */
import type { ClassExpression, MethodDefinition, Pattern, PropertyDefinition, StaticBlock } from 'acorn';
import type { ClassConstructor, ClassMember, ClassSource, MemberKey, Range } from './function-source.ts';
import { arePlainNames } from './patterns.ts';

/** A member of a class, as acorn sees it. */
export type MemberNode = MethodDefinition | PropertyDefinition | StaticBlock;

const methodKinds = { method: 'method', get: 'getter', set: 'setter', constructor: 'constructor' } as const;

/** Describes the class that is all of the text, which begins `offset` characters into the parsed program. */
export function describeClass(node: ClassExpression, text: string, offset: number): ClassSource {
  const rangeOf = ({ start, end }: Range): Range => ({ start: start - offset, end: end - offset });
  const members = node.body.body.map((member): ClassMember => {
    const range = rangeOf(member);
    if (member.type === 'StaticBlock')
      return { ...range, kind: 'block', isStatic: true, key: null, value: null, isInert: false };
    const value = member.type === 'PropertyDefinition' ? (member.value ?? null) : null;
    return {
      ...range,
      kind: member.type === 'PropertyDefinition' ? 'field' : methodKinds[member.kind],
      isStatic: member.static,
      key: keyOf(member, text, offset),
      value: value === null ? null : rangeOf(value),
      isInert: value === null || isInert(value.type),
    };
  });
  const ctor = node.body.body.find(
    (member): member is MethodDefinition =>
      member.type === 'MethodDefinition' && member.kind === 'constructor',
  );
  return {
    name: node.id?.name ?? null,
    body: rangeOf(node.body),
    superclass: node.superClass ? rangeOf(node.superClass) : null,
    members,
    privateFields: privateFields(members, false),
    privateStatics: privateFields(members, true),
    hasPrivateMembers: members.some(({ key, isStatic }) => !isStatic && key !== null && 'private' in key),
    ctor: ctor === undefined ? null : describeConstructor(ctor, rangeOf),
  };
}

/** Whether a member runs when its class is defined, and never again. */
export function isOnceOnly(member: MemberNode): boolean {
  return member.type === 'StaticBlock' || (member.type === 'PropertyDefinition' && member.static);
}

/**
 * The key of a member. One in brackets has the range from the first bracket in the member, as only keywords
 * and comments come before it.
 */
export function keyOf(
  { start, key, computed }: { readonly start: number; readonly key: KeyNode; readonly computed: boolean },
  text: string,
  offset: number,
): MemberKey {
  if (computed)
    return {
      computed: {
        start: indexInCode(text, '[', start - offset),
        end: indexInCode(text, ']', key.end - offset) + 1,
      },
    };
  if (key.type === 'PrivateIdentifier') return { private: `#${key.name}` };
  return { name: key.type === 'Identifier' ? String(key.name) : String(key.value) };
}

interface KeyNode extends Range {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
}

/** Where a character next stands outside of comments. There must be no string or template before it. */
export function indexInCode(text: string, character: string, from: number): number {
  const code = /\/\*[^]*?\*\/|\/\/.*|[^]/gu;
  code.lastIndex = from;
  for (let match = code.exec(text); match !== null; match = code.exec(text))
    if (match[0] === character) return match.index;
  return text.length;
}

function describeConstructor(
  { value }: MethodDefinition,
  rangeOf: (range: Range) => Range,
): ClassConstructor {
  const [first] = value.params;
  const last = value.params.at(-1);
  return {
    hasPlainParameters: arePlainNames(value.params),
    parameters: first && last ? rangeOf({ start: first.start, end: last.end }) : null,
    length: lengthOf(value.params),
    bodyStart: rangeOf(value.body).start + 1,
  };
}

/** What the `length` of a function is: its parameters before the first with a default value, or the rest. */
function lengthOf(parameters: readonly Pattern[]): number {
  const end = parameters.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end === -1 ? parameters.length : end;
}

function privateFields(members: readonly ClassMember[], isStatic: boolean): string[] {
  return members.flatMap((member) =>
    member.kind === 'field' && member.isStatic === isStatic && member.key !== null && 'private' in member.key
      ? [member.key.private]
      : [],
  );
}

/** Running an identifier could fail, and that of an anonymous class could run anything. */
function isInert(type: string): boolean {
  return type === 'Literal' || type === 'ArrowFunctionExpression' || type === 'FunctionExpression';
}
