/** Gives the tasks of a child the pools they may use, which are loaded when the first one asks. */
import type { InitMessage } from '../../machines/protocol.ts';
import type { KnownByName } from '../codec/closure/rebuild/data-nodes.ts';
import type { PoolNode } from '../codec/closure/wire.ts';
import type { NestedPools } from '../codec/nested-port.ts';
import type { Channel } from '../transport/channel.ts';
import type { ChildPorts } from './child-ports.ts';

export class NestedAccess {
  readonly #channel: Channel;
  readonly #ports: ChildPorts;
  readonly #init: () => InitMessage | null;
  readonly #sent: { readonly known: KnownByName };
  #pools: NestedPools | null = null;

  /** `init` is what was said when the child was initialized; `known` is read when it is needed. */
  constructor(
    channel: Channel,
    ports: ChildPorts,
    init: () => InitMessage | null,
    sent: { readonly known: KnownByName },
  ) {
    this.#channel = channel;
    this.#ports = ports;
    this.#init = init;
    this.#sent = sent;
  }

  pool(node: PoolNode): object {
    return (this.#pools ??= this.#open()).pool(node);
  }

  receive(header: string, binaries: readonly Uint8Array[]): void {
    this.#pools?.receive(header, binaries);
  }

  #open(): NestedPools {
    const init = this.#init();
    return this.#ports.nestedPools({
      pool: init?.pool ?? '',
      workerId: init?.worker ?? 0,
      known: this.#sent.known,
      send: (header, binaries) => this.#channel.send(header, binaries),
    });
  }
}
