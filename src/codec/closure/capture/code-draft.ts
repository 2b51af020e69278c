/** A function or class that goes with its text: what its node holds beside that. */
import { ownValue } from '../../object-class.ts';
import type { FunctionSource } from '../source/function-source.ts';
import type { Extras, FunctionNode, SpecialProperty } from '../wire.ts';
import { type Capturing, refused } from './capturing.ts';
import { classParts } from './class-parts.ts';
import type { CodeDraft, Draft } from './draft.ts';
import { environmentOf } from './environment.ts';
import { lexicalThisOf } from './lexical-this.ts';
import { nameOf, protoOfFunction } from './function-proto.ts';
import type { Located } from './locate.ts';
import { propertiesOf } from './own-properties.ts';
import { prototypeOf } from './prototype.ts';
import { refuseByText, refuseLooseSuper, refuseThis } from './refusals.ts';

/** Properties that every function is made with, or that V8 gives functions that are not strict. */
const ownOfFunctions: ReadonlySet<string | symbol> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
]);

interface Code extends Located {
  readonly source: FunctionSource;
}

/** The draft of a function or class of the program's. */
export function codeDraft(code: Code, capturing: Capturing): Draft {
  const { fn, source, facts, place } = code;
  const why = refuseByText(source);
  if (why !== null) return refused(why);
  const parts =
    source.class === null ? functionParts(code, capturing) : classParts(code, source.class, capturing);
  if ('refusal' in parts) return refused(parts.refusal);
  const environment = environmentOf({ fn, source, facts, url: place.url }, capturing);
  return { k: 'code', fn, source, place, ...parts, ...environment };
}

type Parts = Pick<CodeDraft, 'node' | 'members'> | { readonly refusal: ReturnType<typeof refuseThis> };

function functionParts({ fn, source }: Code, capturing: Capturing): Parts {
  const lexicalThis = source.outer.usesThis ? lexicalThisOf(fn, source, capturing) : undefined;
  if (source.outer.usesThis && lexicalThis === undefined) return { refusal: refuseThis() };
  const home = capturing.homes.get(fn);
  if (source.usesHome && home === undefined) return { refusal: refuseLooseSuper() };
  const node: FunctionNode = {
    k: 'function',
    code: '',
    name: nameOf(fn),
    ...(lexicalThis === undefined ? {} : { lexicalThis }),
    ...(source.usesHome && home !== undefined ? { superProto: capturing.slotOf(prototypeOf(home)) } : {}),
    ...functionExtras(fn, capturing),
  };
  return { node };
}

function functionExtras(fn: object, capturing: Capturing): Extras & Pick<FunctionNode, 'prototype'> {
  const { special = [], ...extras } = propertiesOf(fn, capturing, (key) => ownOfFunctions.has(key));
  const { own, prototype } = prototypeParts(fn, capturing);
  const all = [...special, ...own];
  const proto = protoOfFunction(fn, capturing);
  return {
    ...extras,
    ...(all.length > 0 ? { special: all } : {}),
    ...(proto === undefined ? {} : { proto }),
    ...(prototype === undefined ? {} : { prototype }),
  };
}

interface PrototypeParts {
  /** The property `prototype`, if it holds some other object. */
  readonly own: readonly SpecialProperty[];
  readonly prototype?: Extras;
}

/** What `prototype` holds. A new function has one with nothing on it but its `constructor`. */
function prototypeParts(fn: object, capturing: Capturing): PrototypeParts {
  const prototype = ownValue(fn, 'prototype');
  if (prototype === undefined) return { own: [] };
  const isOwn = typeof prototype === 'object' && prototype !== null && isOwnPrototype(prototype, fn);
  if (!isOwn) return { own: [{ key: 'prototype', value: capturing.slotOf(prototype), writable: true }] };
  const extras = prototypeExtras(prototype, capturing);
  return Object.keys(extras).length === 0 ? { own: [] } : { own: [], prototype: extras };
}

/** That of a generator function has no `constructor`. */
function isOwnPrototype(prototype: object, fn: object): boolean {
  const made = ownValue(prototype, 'constructor');
  return made === fn || (made === undefined && isGeneratorPrototype(prototypeOf(prototype)));
}

function isGeneratorPrototype(proto: object | null): boolean {
  const tag = proto === null ? undefined : ownValue(proto, Symbol.toStringTag);
  return tag === 'Generator' || tag === 'AsyncGenerator';
}

function prototypeExtras(prototype: object, capturing: Capturing): Extras {
  const proto = prototypeOf(prototype);
  const isUsual = proto !== null && (proto === Object.prototype || isGeneratorPrototype(proto));
  return {
    ...propertiesOf(prototype, capturing, (key) => key === 'constructor'),
    ...(isUsual ? {} : { proto: capturing.slotOf(proto) }),
  };
}
