/**
 * Makes classes of their compiled text. A class is defined once, however often it is sent; later calls bring
 * it up to date: its static members, the variables its methods use, and what was put on its prototype.
 */
import type { ClassNode, Slot } from '../wire.ts';
import { ClassRecord, prototypeOf } from './class-record.ts';
import type { UnitOutput } from './compile-unit.ts';
import type { AnyClass } from './data-nodes.ts';
import { applyExtrasAndProto } from './extras.ts';
import { fillPrototype, giveName } from './functions.ts';
import type { KnownTypes } from './known-types.ts';
import { isObject, type MadeValues, pending } from './made-values.ts';
import type { PrivateAccess } from './private-members.ts';

/** The classes of one Rebuilder. */
export class Classes {
  readonly #known: KnownTypes;
  readonly #access: PrivateAccess;
  readonly #records = new WeakMap<object, ClassRecord>();

  constructor(known: KnownTypes, access: PrivateAccess) {
    this.#known = known;
    this.#access = access;
  }

  /** The class of that node, as its text alone makes it. `define` compiles it. */
  make(node: ClassNode, made: MadeValues, define: () => UnitOutput): AnyClass {
    const current = this.#known.classById(node.id);
    const record = current === undefined ? undefined : this.#records.get(current);
    if (current === undefined || record?.code !== node.code || !record.restore(current, node, node.prototype))
      return this.#define(node, define);
    record.bind?.((node.cells ?? []).map((index) => made.at(index)));
    if (node.superclass !== undefined) inherit(current, made.ready(node.superclass));
    return current;
  }

  #define(node: ClassNode, define: () => UnitOutput): AnyClass {
    const { made, bind } = define();
    if (!isClass(made)) throw new TypeError('a unit of code makes no class');
    giveName(made, node.name);
    this.#records.set(made, new ClassRecord(made, node.code, node.superclass !== undefined, bind));
    this.#known.addClass(node.id, made);
    return made;
  }

  /** Everything beside its text. False if a value was not made yet. */
  fill(node: ClassNode, value: unknown, made: MadeValues): boolean {
    if (!isClass(value)) throw new TypeError('a class is none');
    const statics = node.privateStatics === undefined ? {} : privateValues(node.privateStatics, made);
    if (statics !== undefined && node.privateStatics !== undefined) this.#access.setStatics(value, statics);
    const hasPrototype = node.prototype === undefined || fillPrototype(value, node.prototype, made);
    return applyExtrasAndProto(value, node, made) && hasPrototype && statics !== undefined;
  }

  /** `shell`, or an object in its place, with the private members of these classes. */
  install(classes: readonly unknown[], shell: unknown): object {
    if (!isObject(shell)) throw new TypeError('private members are on no object');
    const isDerived = (made: AnyClass): boolean => this.#records.get(made)?.isDerived ?? false;
    return this.#access.install(classes.filter(isClass), isDerived, shell);
  }
}

/** Name, value, name, value… as a record; undefined if some value was not made yet. */
export function privateValues(
  members: readonly Slot[],
  made: MadeValues,
): Readonly<Record<string, unknown>> | undefined {
  const values: [unknown, unknown][] = [];
  for (let index = 0; index < members.length; index += 2)
    values.push([members[index], made.read(members[index + 1] ?? null)]);
  if (values.some(([, value]) => value === pending)) return undefined;
  return Object.assign(Object.create(null), Object.fromEntries(values));
}

function inherit(made: AnyClass, superclass: unknown): void {
  const isFunction = typeof superclass === 'function';
  const proto: unknown = isFunction ? superclass.prototype : null;
  Object.setPrototypeOf(made, isFunction ? superclass : Function.prototype);
  Object.setPrototypeOf(prototypeOf(made), isObject(proto) ? proto : null);
}

function isClass(value: unknown): value is AnyClass {
  return typeof value === 'function';
}
