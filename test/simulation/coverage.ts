/** Counts what happened over many runs, and says what should have happened among so many and did not. */
import { faultNames } from './faults.ts';
import type { SimulationResult } from './simulate.ts';

/** What must be seen among so many seeds, or the runs prove less than they seem to. */
const outcomes: readonly string[] = [
  'call fulfilled',
  'call threw',
  'call lost',
  'call cancelled',
  'call timedOut',
  'call closed',
  'call broken',
  'call full',
  'call unsendable',
  'mapped',
  'streamed',
  'warmed',
  'silence reported',
  'silence over',
  'worker recycled',
  'worker unresponsive',
  'task retried',
  'worker died',
  'worker stopped',
  'worker killed',
  'worker spawnFailed',
  'worker startTimedOut',
  'worker initializeFailed',
  'worker frozen',
  'pool closed',
  'pool draining',
  'pool broken',
  'end of the channel before exit',
  'exit before end of the channel',
  'bytes lost with their process',
  'write to a dead peer',
  'reset instead of the end',
  'message recall',
  'message dropped',
  'message dropped of a later attempt',
  'room waited for',
  'message cancel',
  'message credit',
  'message uncaught',
  'message initializeFailed',
];

export class Coverage {
  readonly #counts = new Map<string, number>();
  runs = 0;
  steps = 0;
  virtualMs = 0;

  add({ counts, steps, virtualMs }: SimulationResult): void {
    this.runs += 1;
    this.steps += steps;
    this.virtualMs += virtualMs;
    for (const [what, count] of counts) this.#counts.set(what, (this.#counts.get(what) ?? 0) + count);
  }

  /** What never happened. */
  get missing(): string[] {
    return [...faultNames, ...outcomes].filter((what) => (this.#counts.get(what) ?? 0) === 0);
  }

  toString(): string {
    const sorted = [...this.#counts].toSorted(([one], [other]) => (one < other ? -1 : 1));
    return sorted.map(([what, count]) => `  ${String(count).padStart(8)} ${what}`).join('\n');
  }
}
