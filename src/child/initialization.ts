/** What a child runs before its first task. */
import { type FunctionReference, initializeTaskId } from '../../machines/protocol.ts';
import type { ChildEvent } from './compiled-child.ts';
import type { CallLoader } from './call-loader.ts';

export class Initialization {
  readonly #reference: FunctionReference | null;
  readonly #args: readonly unknown[];
  readonly #calls: CallLoader;
  /** What it threw. */
  error: unknown = undefined;

  constructor(reference: FunctionReference | null, args: readonly unknown[], calls: CallLoader) {
    this.#reference = reference;
    this.#args = args;
    this.#calls = calls;
  }

  /** How it ended. Never rejects. */
  async run(): Promise<ChildEvent> {
    try {
      if (this.#reference !== null) {
        const { fn, args } = await this.#calls.load(initializeTaskId, this.#reference, this.#args);
        await fn(...args);
      }
    } catch (error) {
      this.error = error;
      return { type: 'initialize.failed' };
    }
    return { type: 'initialize.finished' };
  }
}
