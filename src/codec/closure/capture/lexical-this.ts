/** What `this` is in an arrow function: that of the function around it. */
import { analyze } from '../source/analyze.ts';
import type { ClassSource, FunctionSource, MemberKey } from '../source/function-source.ts';
import { readLexicalThis } from '../v8/activation.ts';
import { ownValue } from '../../object-class.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { prototypeOf } from './prototype.ts';
import { classOf } from './prototype-owner.ts';
import { withoutInspector } from './without-inspector.ts';

/** What was found by stopping an arrow, which takes long and cannot change. */
const remembered = new WeakMap<object, { readonly value: unknown }>();

/** The slot of an arrow's `this`; undefined if it cannot be known. */
export function lexicalThisOf(arrow: object, source: FunctionSource, capturing: Capturing): Slot | undefined {
  const home = capturing.homes.get(arrow);
  if (home !== undefined && isFieldOf(home, arrow, source.text)) return capturing.slotOf(home);
  if (capturing.options.readThis !== true) return undefined;
  const found = remembered.get(arrow) ?? withoutInspector(() => readLexicalThis(arrow));
  if (found === undefined) return undefined;
  remembered.set(arrow, found);
  return capturing.slotOf(found.value);
}

interface Field {
  /** What has the arrow as a property: an instance or, of a static field, the class. */
  readonly home: object;
  readonly arrow: object;
  readonly text: string;
}

/**
 * `field = () => this.x`: the arrow's text is that of a field of the class, so its `this` is what has the
 * field.
 */
function isFieldOf(home: object, arrow: object, text: string): boolean {
  if (typeof home === 'function') return isFieldIn(home, { home, arrow, text });
  for (let prototype = prototypeOf(home); prototype !== null; prototype = prototypeOf(prototype)) {
    const made = classOf(prototype);
    if (made !== undefined && isFieldIn(made, { home, arrow, text })) return true;
  }
  return false;
}

function isFieldIn(made: object, field: Field): boolean {
  const text = Function.prototype.toString.call(made);
  const source = text.startsWith('class') ? analyze(text).class : null;
  if (source === null) return false;
  const isStatic = made === field.home;
  const isField = source.members.some((member) => {
    if (member.kind !== 'field' || member.isStatic !== isStatic || member.value === null) return false;
    const value = text.slice(member.value.start, member.value.end);
    return isWrittenAs(value, field.text) && mayHold(field, member.key);
  });
  return isField || (!isStatic && isSetByConstructor(text, source, field));
}

const nameCall = '__name(';

/** esbuild keeps names by a call: `field = __name(() => this.x, "field")`. */
function isWrittenAs(value: string, arrow: string): boolean {
  if (!value.startsWith(nameCall)) return value === arrow;
  const isOfArrow = value.startsWith(`${nameCall}${arrow}`);
  return isOfArrow && /^, ?"[^"]*"\)$/u.test(value.slice(nameCall.length + arrow.length));
}

function mayHold({ home, arrow }: Field, key: MemberKey | null): boolean {
  return key === null || !('name' in key) || ownValue(home, key.name) === arrow;
}

/** What compilers make of a field. */
function isSetByConstructor(text: string, { ctor }: ClassSource, field: Field): boolean {
  const body = ctor === null ? '' : text.slice(ctor.bodyStart);
  const key = Object.keys(field.home).find((name) => ownValue(field.home, name) === field.arrow);
  if (key === undefined) return false;
  const ways = [`this.${key} = `, `this.${key}=`, `__publicField(this, ${JSON.stringify(key)}, `];
  return ways.some((way) => ['', nameCall].some((call) => body.includes(`${way}${call}${field.text}`)));
}
