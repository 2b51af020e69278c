/**
 * Changes the text of a class so that defining it anew runs nothing of the program's: its superclass and keys
 * are given, its static members are filled in afterwards, and its private members can be put into an object
 * without running the constructor (see `Hatch`).
 */
import { unitNames } from '../unit.ts';
import type { ClassConstructor, ClassMember, ClassSource, Range } from './function-source.ts';
import { blank, type Edit, replaceInPlace } from './text-edits.ts';

/** What is known of a class beside its text. Members go by their index. */
export interface ClassChoices {
  /**
   * The members whose computed keys are given, in the order in which they are. Other such methods are left
   * out.
   */
  readonly givenKeys: readonly number[];
  /** Members that are left out: methods that the class no longer has. */
  readonly absent: readonly number[];
}

/** The edits that make a class definable anywhere. */
export function classEdits(source: ClassSource, text: string, choices: ClassChoices): Edit[] {
  const { superclass } = source;
  return [
    ...(superclass === null ? [] : [replaceInPlace(text, superclass, `(${unitNames.superclass})`)]),
    ...hatchEdits(source, text),
    ...source.members.flatMap((member, index) => memberEdits(member, index, source, text, choices)),
  ];
}

function memberEdits(
  member: ClassMember,
  index: number,
  { hasPrivateMembers }: ClassSource,
  text: string,
  { givenKeys, absent }: ClassChoices,
): Edit[] {
  const { kind, isStatic, key, value, isInert } = member;
  const isPrivate = key !== null && 'private' in key;
  // A semicolon, so that a field before that has none does not go on with what follows.
  const left: Edit = replaceInPlace(text, member, ';');
  if (kind === 'block' || absent.includes(index)) return [left];
  if (kind === 'field' && isStatic) {
    if (!isPrivate) return [left];
    return value === null ? [] : [replaceInPlace(text, value, '0')];
  }
  if (kind === 'field') {
    if (!hasPrivateMembers || value === null || isInert) return [];
    return [{ ...value, before: `${unitNames.hatch}.on ? void 0 : (`, after: ')' }];
  }
  if (key === null || !('computed' in key)) return [];
  const given = givenKeys.indexOf(index);
  return [given === -1 ? left : replaceInPlace(text, key.computed, `[${unitNames.keys}[${given}]]`)];
}

function hatchEdits(source: ClassSource, text: string): Edit[] {
  const { body, privateFields, privateStatics, hasPrivateMembers, ctor, superclass } = source;
  const blocks = [
    ...(hasPrivateMembers
      ? [`fields(this, (instance, values) => { ${setters('instance', privateFields)} })`]
      : []),
    ...(privateStatics.length > 0
      ? [`statics(this, (values) => { ${setters('this', privateStatics)} })`]
      : []),
  ].map((call) => ` static { ${unitNames.hatch}.${call}; }`);
  const atStart = { start: body.start + 1, end: body.start + 1 };
  return [
    ...(blocks.length > 0 ? [{ ...atStart, text: blocks.join('') }] : []),
    ...(hasPrivateMembers && ctor !== null ? constructorEdits(ctor, superclass !== null, text) : []),
  ];
}

function setters(object: string, fields: readonly string[]): string {
  return fields
    .map((field) => {
      const name = JSON.stringify(field.slice(1));
      return `if (${name} in values) ${object}.${field} = values[${name}];`;
    })
    .join(' ');
}

/**
 * Lets the constructor return at once. Parameters that run something are bound in the body, from `arguments`,
 * and stand-ins keep their number.
 */
function constructorEdits(ctor: ClassConstructor, isDerived: boolean, text: string): Edit[] {
  const { hasPlainParameters, parameters, bodyStart } = ctor;
  const gate = ` if (${unitNames.hatch}.on) { ${isDerived ? 'super(); ' : ''}return; }`;
  const atStart: Range = { start: bodyStart, end: bodyStart };
  if (hasPlainParameters || parameters === null) return [{ ...atStart, text: gate }];
  const standIns = Array.from({ length: ctor.length }, (_, index) => `$troupe_${index}`).join(', ');
  const between: Range = { start: parameters.end, end: bodyStart };
  const lines = blank(text, between).replaceAll(' ', '');
  return [
    { start: parameters.start, end: parameters.start, text: `${standIns}) {${gate} var [` },
    { ...between, text: `] = arguments;${lines}` },
  ];
}
