/**
 * Keeps the program alive while something is owed to it: an unsettled task, a `warm` or a `close` under way.
 * Every other handle of a pool is unreferenced, so an idle pool never holds a program back.
 */
import type { Hold, HostPorts } from './host-ports.ts';

export class KeepAlive {
  readonly #ports: HostPorts;
  #owed = 0;
  #handle: Hold | null = null;

  constructor(ports: HostPorts) {
    this.#ports = ports;
  }

  add(count: number): void {
    const before = this.#owed;
    this.#owed += count;
    if (before === 0 && this.#owed > 0) this.#hold();
    else if (before > 0 && this.#owed === 0) this.#handle?.unref();
  }

  #hold(): void {
    this.#handle ??= this.#ports.hold();
    this.#handle.ref();
  }
}
