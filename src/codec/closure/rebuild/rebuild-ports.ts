/** What a Rebuilder asks of its surroundings. */

import type { PoolNode } from '../wire.ts';

/** Imports a module as `from` would; null is nowhere, for a module that goes by its full name. */
export type ImportModule = (
  specifier: string,
  from: string | null,
  attributes?: Readonly<Record<string, string>>,
) => Promise<object>;

export interface RebuildPorts {
  readonly importModule: ImportModule;
  /** The signal that stands for the `index`-th of the message. */
  signal(index: number): AbortSignal;
  /** What stands for a pool in a worker. */
  pool(node: PoolNode): object;
  /** How this process makes objects of a registered type; by default as the sender does. */
  decoderOf?(type: string): ((data: unknown) => unknown) | undefined;
}
