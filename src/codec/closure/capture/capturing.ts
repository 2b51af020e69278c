/**
 * The state of one capture: the values found so far, each with its slot, and those whose turn is still to
 * come. Nothing recurses, so a list may be as long as it likes.
 */
import type { Refusal } from '../../refusal.ts';
import type { Slot } from '../wire.ts';
import { symbolNode } from './symbol-ids.ts';
import { classOf } from './prototype-owner.ts';
import type { Draft, Entry, NodeSlot } from './draft.ts';
import type { CaptureOptions } from './options.ts';

/** A value whose turn has come. */
export interface Turn<Value extends object = object> {
  readonly value: Value;
  readonly entry: Entry;
}

/** A WeakMap or WeakSet: its entries follow when it is known which of their keys go. */
export interface WeakCollection {
  readonly isMap: boolean;
  readonly items: Slot[];
  /** Those not sent so far. */
  entries: readonly (readonly [key: object, value: unknown])[];
}

/** An object of which only some members go so far. */
interface Part {
  readonly slot: NodeSlot;
  readonly names: Set<string>;
  readonly properties: Slot[];
}

const undefinedSlot: Slot = ['undefined'];

export class Capturing {
  readonly options: CaptureOptions;
  readonly entries: Entry[] = [];
  readonly binaries: Uint8Array[] = [];
  readonly signals: AbortSignal[] = [];
  readonly weakCollections: WeakCollection[] = [];
  /** The object on which a function was found: what `super`, and `this` of a field's arrow, mean in it. */
  readonly homes: Map<object, object> = new Map();
  /** Classes that go by value although they could be imported, because instances have private members. */
  readonly byValue: Set<object> = new Set();
  /** Classes that have instances among the values. */
  readonly instantiated: Set<object> = new Set();
  /** The files that the functions to be run were written in. */
  readonly definingUrls: Set<string> = new Set();
  readonly unresolved: Set<string> = new Set();
  readonly #known = new Map<object | symbol, Entry>();
  readonly #parts = new Map<object, Part>();
  #objects: Turn[] = [];
  #functions: Turn[] = [];

  constructor(options: CaptureOptions) {
    this.options = options;
  }

  /** The value as it stands in a node. What becomes a node of its own has its turn later. */
  slotOf(value: unknown): Slot {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return value;
      case 'number':
        return numberSlot(value);
      case 'undefined':
        return undefinedSlot;
      case 'bigint':
        return ['bigint', String(value)];
      case 'symbol':
        return this.#symbolSlot(value);
      case 'function':
        return this.entryOf(value).slot;
      case 'object':
        return value === null ? null : this.#objectSlot(value);
    }
  }

  /** An object that belongs to a class or function is found there again. */
  #objectSlot(object: object): Slot {
    const known = this.#known.get(object);
    if (known !== undefined) return this.#whole(object, known).slot;
    const made = classOf(object);
    return made === undefined ? this.entryOf(object).slot : ['prototype', this.entryOf(made).slot];
  }

  /** The entry of an object or function, which waits for its turn if it is new. */
  entryOf(value: object): Entry {
    const known = this.#known.get(value);
    if (known !== undefined) return this.#whole(value, known);
    const entry = this.#add(value, null);
    this.#queue({ value, entry });
    return entry;
  }

  /**
   * The slot of an object of which only members with these names are needed. All who name some share it, and
   * if anyone needs it whole, it goes whole.
   */
  slotOfPart(
    object: object,
    names: Iterable<string>,
    slotOfMember: (name: string) => Slot | undefined,
  ): Slot {
    const part = this.#parts.get(object) ?? this.#newPart(object);
    if (part === undefined) return this.slotOf(object);
    for (const name of names) {
      if (part.names.has(name)) continue;
      part.names.add(name);
      const slot = slotOfMember(name);
      if (slot !== undefined) part.properties.push(name, slot);
    }
    return part.slot;
  }

  #newPart(object: object): Part | undefined {
    if (this.#known.has(object)) return undefined;
    const properties: Slot[] = [];
    const { slot } = this.#add(object, { k: 'object', properties });
    const part = { slot, names: new Set<string>(), properties };
    this.#parts.set(object, part);
    return part;
  }

  #whole(value: object, entry: Entry): Entry {
    if (!this.#parts.delete(value)) return entry;
    entry.draft = null;
    this.#queue({ value, entry });
    return entry;
  }

  /** Whether the value was met before. */
  has(value: object): boolean {
    return this.#known.has(value);
  }

  /** Makes `draft` stand for a value, unless it was its turn already. */
  slotAs(value: object, draft: Draft): Slot {
    const entry = this.#known.get(value) ?? this.#add(value, null);
    entry.draft ??= draft;
    return entry.slot;
  }

  /** The slot of a node that stands for no value met elsewhere. */
  slotFor(draft: Draft): NodeSlot {
    return this.#append(null, draft).slot;
  }

  /** The slot of something that cannot go. */
  refuse(why: Refusal): NodeSlot {
    return this.slotFor(refused(why));
  }

  /** The slot of a class that goes with its text although it could be imported. */
  slotByValue(made: object): NodeSlot {
    const entry = this.entryOf(made);
    this.byValue.add(made);
    if (entry.draft?.k === 'module' || entry.draft?.k === 'commonjs') {
      entry.draft = null;
      this.#queue({ value: made, entry });
    }
    return entry.slot;
  }

  get hasTurns(): boolean {
    return this.#objects.length > 0 || this.#functions.length > 0;
  }

  /** The objects whose turn it is. */
  takeObjects(): readonly Turn[] {
    const taken = this.#objects;
    this.#objects = [];
    return taken;
  }

  /** The functions whose turn it is. */
  takeFunctions(): readonly Turn[] {
    const taken = this.#functions;
    this.#functions = [];
    return taken;
  }

  #queue(turn: Turn): void {
    (typeof turn.value === 'function' ? this.#functions : this.#objects).push(turn);
  }

  #symbolSlot(symbol: symbol): Slot {
    const known = this.#known.get(symbol);
    if (known !== undefined) return known.slot;
    const node = symbolNode(symbol, (nameless) => this.options.knownSymbolId?.(nameless));
    return this.#add(symbol, node).slot;
  }

  #add(value: object | symbol, draft: Draft | null): Entry {
    const entry = this.#append(value, draft);
    this.#known.set(value, entry);
    return entry;
  }

  #append(value: object | symbol | null, draft: Draft | null): Entry {
    const entry: Entry = { value, slot: [this.entries.length], draft };
    this.entries.push(entry);
    return entry;
  }
}

/** The draft of a value that cannot go. */
export function refused(why: Refusal): Draft {
  return { k: 'refused', refusal: why };
}

function numberSlot(value: number): Slot {
  if (Number.isFinite(value)) return Object.is(value, -0) ? ['number', '-0'] : value;
  return ['number', String(value)];
}
