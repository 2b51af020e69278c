/** One line that tells how far a search is: on a terminal, rewritten in place; nowhere else. */
import process from 'node:process';
import type { Progress } from '../verify/explore.ts';
import { clock, count, counted } from './terminal-text.ts';

const clearLine = '\r\u001B[K';

export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  readonly #isLive: boolean;
  readonly #name: string;
  readonly #expectedStates: number;

  /** `expectedStates`: how many moments there were last time; 0: nobody knows. */
  constructor(stream: NodeJS.WriteStream, name: string, expectedStates: number) {
    this.#stream = stream;
    this.#isLive = stream.isTTY && process.env['TERM'] !== 'dumb';
    this.#name = name;
    this.#expectedStates = expectedStates;
  }

  /** Also called from inside the search, which leaves no turn to a timer. */
  show(progress: Progress): void {
    if (!this.#isLive) return;
    const columns = this.#stream.columns > 0 ? this.#stream.columns : 80;
    this.#stream.write(
      clearLine + progressText(this.#name, progress, this.#expectedStates).slice(0, columns - 1),
    );
  }

  clear(): void {
    if (this.#isLive) this.#stream.write(clearLine);
  }
}

/** The line itself. */
export function progressText(name: string, progress: Progress, expectedStates: number): string {
  const { states, depth, statesPerSecond, waiting, secondsLeft } = progress;
  const left = expectedStates > states ? (expectedStates - states + waiting) / statesPerSecond : secondsLeft;
  return [
    `${name}: ${counted(states, 'moment')}`,
    `${count(statesPerSecond)}/s`,
    `${counted(depth, 'move')} deep`,
    left === null ? `${count(waiting)} waiting, still growing` : `about ${clock(left * 1_000)} left`,
  ].join(', ');
}
