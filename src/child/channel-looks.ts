/** When the event loop last looked at the channel: between tasks it must now and then, and not each time. */
import type { ChildPorts } from './child-ports.ts';

/** After this long without a look, one is due. */
const lookAfterMs = 2;

export class ChannelLooks {
  readonly #ports: ChildPorts;
  #lookedAtMs: number;

  constructor(ports: ChildPorts) {
    this.#ports = ports;
    this.#lookedAtMs = ports.now();
  }

  /** It has just looked. */
  note(): void {
    this.#lookedAtMs = this.#ports.now();
  }

  /** Whether it need not look now. */
  get isRecent(): boolean {
    return this.#ports.now() - this.#lookedAtMs <= lookAfterMs;
  }

  /** Calls back when it has looked again. */
  afterNext(callback: () => void): void {
    this.#ports.soon(() => {
      this.note();
      callback();
    });
  }
}
