/**
 * Records the steps of every pool's machines, one JSON array a line, its first item the number of the pool:
 *
 *     [pool, "options", { seed, options }]          a pool was made
 *     [pool, "step", kind, id, event, commands]     a machine got an event and asks for commands
 *     [pool, "chaos", workerId, signal]             the saboteur is about to send a signal
 *     [pool, "fixture", taskId, function]           a task was submitted that calls this function
 *
 * A machine's first step has the event `xstate.init`, with the machine's input. Lines are in the order of
 * what happened; a step comes before the steps that its commands cause.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { MachineEvent } from '../../src/runtime/compile.ts';
import type { StepListener } from '../../src/runtime/system.ts';

const channelName = 'troupe:system';
const bufferedMax = 1_000;

export type TraceRecord =
  | readonly [pool: number, 'options', details: unknown]
  | readonly [
      pool: number,
      'step',
      kind: string,
      id: number,
      event: MachineEvent,
      commands: readonly unknown[],
    ]
  | readonly [pool: number, 'chaos', workerId: number, signal: string]
  | readonly [pool: number, 'fixture', taskId: number, fn: string];

/** Writes records as text at once: what they refer to changes afterwards. */
export class Trace {
  readonly #file: number;
  #lines: string[] = [];

  constructor(file: string) {
    this.#file = openSync(file, 'w');
  }

  write(record: TraceRecord): void {
    this.#lines.push(JSON.stringify(record));
    if (this.#lines.length >= bufferedMax) this.#flush();
  }

  /** Records the pool that is made in `make`, from its first step on. */
  follow<Result>(pool: number, make: () => Result): Result {
    const listen = (system: unknown): void => {
      const onStep: StepListener = (kind, id, event, commands) =>
        this.write([pool, 'step', kind, id, event, commands]);
      Object.assign(system as object, { onStep });
    };
    subscribe(channelName, listen);
    try {
      return make();
    } finally {
      unsubscribe(channelName, listen);
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    if (this.#lines.length > 0) writeSync(this.#file, `${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
