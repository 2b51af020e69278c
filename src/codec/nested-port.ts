/** Between a child and what its tasks use as their pool, which is loaded when the first of them does. */
import type { KnownByName } from './closure/rebuild/data-nodes.ts';
import type { PoolNode } from './closure/wire.ts';

/** What a child gives to the pools in it. */
export interface NestedPort {
  /** The id of the pool whose worker this is. */
  readonly pool: string;
  readonly workerId: number;
  /** What others have sent here, by the ids they gave it. */
  readonly known: KnownByName;
  /** Throws NotSerializableError if it is too large for a message. */
  send(header: string, binaries?: readonly Uint8Array[]): void;
}

/** The pools that stand for those of the parent. */
export interface NestedPools {
  /** The pool of a node; without an id, the one whose worker this is. */
  pool(node: PoolNode): object;
  /** What the parent says about tasks that were submitted here. */
  receive(header: string, binaries: readonly Uint8Array[]): void;
}
