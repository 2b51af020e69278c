/** What a capture is told about the process it is made in. */

/** An object as a user's serializer made it. */
export interface Registered {
  readonly type: string;
  readonly data: unknown;
  /** Makes the object again, for a process that may lack the serializer. */
  readonly decode?: object;
}

export interface CaptureOptions {
  /** What the values are called in errors: `closure`, `argument 0`. */
  readonly roots: readonly string[];
  /** The class that the other values serve: a file that exports it may be imported, theirs or not. */
  readonly ownerOfAll?: object;
  /** Whether `this` of an arrow may be found out by stopping it at its first instruction. */
  readonly readThis?: boolean;
  /** What a registered serializer makes of an object; undefined if none is for it. */
  readonly encode?: (object: object) => Registered | undefined;
  /** Whether an object is the pool itself. */
  readonly isPool?: (object: object) => boolean;
  /** The id of a class or symbol that came from another process, by which the receiver knows it. */
  readonly knownClassId?: (made: object) => string | undefined;
  readonly knownSymbolId?: (made: symbol) => string | undefined;
  /**
   * No code may go, as in results: functions are refused, and classes go by an id that the receiver knows.
   */
  readonly isDataOnly?: boolean;
}
