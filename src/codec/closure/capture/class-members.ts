/** Compares a class with its text: which members are still as they were written, and under which keys. */
import type { ClassChoices } from '../source/class-edits.ts';
import type { ClassMember, ClassSource } from '../source/function-source.ts';

type Key = string | symbol;
type Part = 'value' | 'get' | 'set';

export interface MatchedMembers {
  readonly choices: ClassChoices;
  /** The values of the computed keys that are given. */
  readonly keys: readonly Key[];
  /** What the text defines on the class and on its prototype. */
  readonly statics: ReadonlySet<Key>;
  readonly own: ReadonlySet<Key>;
}

/** A method or accessor of the text that the class still has. */
interface Match {
  readonly index: number;
  readonly member: ClassMember;
  readonly key: Key;
  readonly part: Part;
}

const parts: ReadonlyMap<string, Part> = new Map([
  ['method', 'value'],
  ['getter', 'get'],
  ['setter', 'set'],
]);

/** Finds each member of the text again. */
export function matchMembers(
  fn: object,
  prototype: object,
  { members }: ClassSource,
  text: string,
): MatchedMembers {
  const matches: Match[] = [];
  for (const [index, member] of members.entries()) {
    const holder = member.isStatic ? fn : prototype;
    const match = matchOf(member, index, { holder, text: text.slice(member.start, member.end), matches });
    if (match !== undefined) matches.push(match);
  }
  const statics = completeKeys(
    fn,
    matches.filter(({ member }) => member.isStatic),
  );
  const own = completeKeys(
    prototype,
    matches.filter(({ member }) => !member.isStatic),
  );
  const kept = matches.filter(({ member, key }) => (member.isStatic ? statics : own).has(key));
  const computed = kept.filter(({ member: { key } }) => key !== null && 'computed' in key);
  const isKept = new Set(kept.map(({ index }) => index));
  const absent = [...members.keys()].filter((index) => isNamed(members[index]) && !isKept.has(index));
  return {
    choices: { givenKeys: computed.map(({ index }) => index), absent },
    keys: computed.map(({ key }) => key),
    statics,
    own,
  };
}

/** A method or accessor under a name that everybody can see. */
function isNamed(member: ClassMember | undefined): boolean {
  return member !== undefined && partOf(member) !== undefined && member.key !== null && 'name' in member.key;
}

function partOf({ kind, key }: ClassMember): Part | undefined {
  return key !== null && 'private' in key ? undefined : parts.get(kind);
}

interface Holding {
  readonly holder: object;
  readonly text: string;
  readonly matches: readonly Match[];
}

function matchOf(member: ClassMember, index: number, { holder, text, matches }: Holding): Match | undefined {
  const part = partOf(member);
  if (part === undefined || member.key === null) return undefined;
  const isFree = (key: Key): boolean =>
    !matches.some(
      (other) => other.key === key && other.part === part && other.member.isStatic === member.isStatic,
    );
  const candidates = 'name' in member.key ? [member.key.name] : Reflect.ownKeys(holder).filter(isFree);
  const key = candidates.find((candidate) => isText(partAt(holder, candidate, part), text));
  return key === undefined ? undefined : { index, member, key, part };
}

function partAt(holder: object, key: Key, part: Part): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  return property === undefined ? undefined : Reflect.get(property, part);
}

/** A member's text may begin with `static`, which the function's does not. */
function isText(fn: unknown, text: string): boolean {
  return typeof fn === 'function' && text.endsWith(Function.prototype.toString.call(fn));
}

/** The keys under which all is as it was written. */
function completeKeys(holder: object, matches: readonly Match[]): Set<Key> {
  const isMatched = (key: Key, part: Part): boolean =>
    partAt(holder, key, part) === undefined ||
    matches.some((match) => match.key === key && match.part === part);
  return new Set(
    matches
      .map(({ key }) => key)
      .filter((key) => {
        const isHidden = Object.getOwnPropertyDescriptor(holder, key)?.enumerable === false;
        return isHidden && isMatched(key, 'value') && isMatched(key, 'get') && isMatched(key, 'set');
      }),
  );
}
