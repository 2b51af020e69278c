/**
 * How functions, and the objects they hold on to, look on the wire: a list of nodes that refer to each other
 * by their index, and units of code that a child compiles once. Everything here is plain JSON; bytes travel
 * beside.
 */

import type { NestedOptions } from '../../../machines/protocol.ts';

/** A value where it is used: a primitive as it is, or a tagged list. */
export type Slot =
  | string
  | number
  | boolean
  | null
  /** The node at that index. */
  | readonly [node: number]
  | readonly ['undefined']
  /** What JSON has no number for: `-0`, `NaN`, `Infinity`, `-Infinity`. */
  | readonly ['number', string]
  | readonly ['bigint', string]
  /** The `prototype` of a class or function. */
  | readonly ['prototype', Slot]
  /** In the items of an array: nothing is there. */
  | readonly ['hole'];

/** Own properties that are writable, enumerable and configurable: key, value, key, value… */
export type PlainProperties = readonly Slot[];

/** A property of any other kind. `key` is a string, or the slot of a symbol. */
export interface SpecialProperty {
  readonly key: Slot;
  readonly value?: Slot;
  readonly get?: Slot;
  readonly set?: Slot;
  readonly writable?: true;
  readonly enumerable?: true;
  readonly configurable?: true;
}

/** What any object may have beside what its kind is made of. */
export interface Extras {
  readonly properties?: PlainProperties;
  readonly special?: readonly SpecialProperty[];
  /** Its prototype, if that is not the usual one of its kind. */
  readonly proto?: Slot;
  readonly integrity?: 'frozen' | 'sealed' | 'fixed';
  /**
   * `#private` members, one list (name without `#`, value, …) for each class that declares some, base first.
   */
  readonly privates?: readonly PrivateMembers[];
}

export interface PrivateMembers {
  readonly of: Slot;
  readonly members: readonly Slot[];
}

// What both processes have, and so goes by its name.

/**
 * A global, by the way to it: `['Math', 'max']`. A first step `%AsyncFunction` has no name; `@@iterator` is a
 * symbol.
 */
export interface GlobalNode {
  readonly k: 'global';
  readonly path: readonly string[];
}

/** An export (`*`: the namespace) of a module that `from` imports as `specifier`. */
export interface ModuleNode {
  readonly k: 'module';
  readonly specifier: string;
  readonly name: string;
  readonly from: string | null;
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of a class: what results call it. */
  readonly id?: string;
  /** Of a class: what its prototype must have, for some packages put methods there only later. */
  readonly expects?: readonly string[];
}

/** An export of a CommonJS module; `null` for all its exports. */
export interface CommonJsNode {
  readonly k: 'commonjs';
  readonly file: string;
  readonly name: string | null;
  readonly id?: string;
  /** As for a module. */
  readonly expects?: readonly string[];
}

/** The `require` of a CommonJS module. */
export interface RequireNode {
  readonly k: 'require';
  readonly file: string;
}

/** One of `Symbol.for(key)`, `Symbol[wellKnown]`, and a symbol that the process `id` names made. */
export type SymbolNode =
  | { readonly k: 'symbol'; readonly key: string }
  | { readonly k: 'symbol'; readonly wellKnown: string }
  | { readonly k: 'symbol'; readonly id: string; readonly description?: string };

// Data.

export interface ObjectNode extends Extras {
  readonly k: 'object';
}

export interface ArrayNode extends Extras {
  readonly k: 'array';
  readonly items: readonly Slot[];
}

/** A Map (key, value, key, value…) or a Set; a weak one has the entries whose keys travel anyway. */
export interface CollectionNode extends Extras {
  readonly k: 'map' | 'set' | 'weakMap' | 'weakSet';
  readonly items: readonly Slot[];
}

export interface DateNode extends Extras {
  readonly k: 'date';
  /** Milliseconds since 1970; null for an invalid date. */
  readonly time: number | null;
}

export interface RegExpNode extends Extras {
  readonly k: 'regexp';
  readonly source: string;
  readonly flags: string;
  readonly lastIndex?: number;
}

/** A primitive in an object: `new String('a')`. */
export interface BoxedNode extends Extras {
  readonly k: 'boxed';
  readonly value: Slot;
}

export interface UrlNode {
  readonly k: 'url' | 'searchParams';
  readonly text: string;
}

/** An error; its message and all else are properties. */
export interface ErrorNode extends Extras {
  readonly k: 'error';
  readonly stack?: string;
}

/** An ArrayBuffer whose bytes are the message's `bytes`-th. */
export interface BufferNode {
  readonly k: 'buffer';
  readonly bytes: number;
}

/** A typed array, DataView or Buffer over an ArrayBuffer. */
export interface ViewNode {
  readonly k: 'view';
  readonly type: string;
  readonly buffer: Slot;
  /** In bytes. */
  readonly offset: number;
  /** In elements; in bytes for a DataView. */
  readonly length: number;
}

/**
 * What a user's serializer made of an object. `decode` is the function that makes it again, for a process
 * that may lack it.
 */
export interface RegisteredNode {
  readonly k: 'registered';
  readonly type: string;
  readonly data: Slot;
  readonly decode?: Slot;
}

/** An AbortSignal of the sender, the `index`-th of the message. */
export interface SignalNode {
  readonly k: 'signal';
  readonly index: number;
  /** The reason, if it was aborted already. */
  readonly aborted?: Slot;
}

/** A pool of the sender; without an id, the one the graph is sent by. */
export interface PoolNode {
  readonly k: 'pool';
  readonly id?: string;
  /** What is bound to it, and the names of what could not come along. */
  readonly options?: NestedOptions;
  readonly unsent?: readonly string[];
}

/** A class that the receiver knows by the id it gave. */
export interface KnownClassNode {
  readonly k: 'knownClass';
  readonly id: string;
}

// Code.

/** A variable that captured functions assign, or that belongs to a class: they share the cell. */
export type CellNode =
  | { readonly k: 'cell'; readonly value: Slot }
  /** Its value cannot be sent; who reads it is told why. */
  | { readonly k: 'cell'; readonly refusal: Refused };

export type Refused = Readonly<Record<'path' | 'message', string>>;

export interface FunctionNode extends Extras {
  readonly k: 'function';
  readonly code: string;
  readonly name: string;
  /** The values of the unit's `variables`. */
  readonly values?: readonly Slot[];
  /** The cell nodes of the unit's `cells`. */
  readonly cells?: readonly number[];
  /** The prototype of its home object, for `super`. */
  readonly superProto?: Slot;
  /** `this` of the function around an arrow. */
  readonly lexicalThis?: Slot;
  /** What its own `prototype` holds, if that is not as it was made. */
  readonly prototype?: Extras;
}

export interface ClassNode extends Extras {
  readonly k: 'class';
  /** The same for all calls, so that a child makes the class once. */
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly cells?: readonly number[];
  /** Absent without `extends`; null for `extends null`. */
  readonly superclass?: Slot;
  /** The values of computed keys, in the order of the text. */
  readonly keys?: readonly Slot[];
  /** Name without `#`, value, … */
  readonly privateStatics?: readonly Slot[];
  /** What is on its prototype beside the methods of its text. */
  readonly prototype?: Extras;
}

export interface BoundNode {
  readonly k: 'bound';
  readonly target: Slot;
  readonly boundThis: Slot;
  readonly args: readonly Slot[];
}

/** What `util.promisify` made of a function. */
export interface PromisifiedNode {
  readonly k: 'promisified';
  readonly target: Slot;
}

export type DataNode =
  | SymbolNode
  | ObjectNode
  | ArrayNode
  | CollectionNode
  | DateNode
  | RegExpNode
  | BoxedNode
  | UrlNode
  | ErrorNode
  | BufferNode
  | ViewNode
  | RegisteredNode
  | KnownClassNode;

export type CodeNode =
  | GlobalNode
  | ModuleNode
  | CommonJsNode
  | RequireNode
  | CellNode
  | FunctionNode
  | ClassNode
  | BoundNode
  | PromisifiedNode
  | SignalNode
  | PoolNode;

export type GraphNode = DataNode | CodeNode;

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly roots: readonly Slot[];
  /** Names that were neither a captured variable nor a global at the call. */
  readonly unresolved?: readonly string[];
}
