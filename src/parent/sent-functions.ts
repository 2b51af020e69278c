/** Which addresses of functions a worker has been sent: each once, and then its number will do. */

import type { FunctionReference } from '../../machines/protocol.ts';

/** Programs may make new functions for ever. */
const functionsMax = 10_000;

export class SentFunctions {
  readonly #send: (control: readonly unknown[]) => void;
  readonly #sent = new Set<number>();

  constructor(send: (control: readonly unknown[]) => void) {
    this.#send = send;
  }

  send(functionId: number, { url, name }: FunctionReference): void {
    if (this.#sent.has(functionId)) return;
    if (this.#sent.size === functionsMax) {
      this.#sent.clear();
      this.#send(['forgetFunctions']);
    }
    this.#sent.add(functionId);
    this.#send(['function', functionId, url, name]);
  }
}
