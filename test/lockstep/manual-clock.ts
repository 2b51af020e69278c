/** A clock whose timers fire when they are told to, and that knows whose they are. */
import type { Command, MachineEvent } from '../../src/runtime/compile.ts';
import type { Clock, Timer } from '../../src/runtime/timers.ts';

interface TimerRequest {
  readonly id: string | undefined;
  readonly event: MachineEvent;
  readonly delayMs: number;
}

/** A timer that is set. */
export interface ArmedTimer {
  /** `freeze`, `pause` and `recall` watch from outside the machines. */
  readonly kind: string;
  readonly id: number;
  readonly timerId: string | null;
  readonly event: string;
  fire(): void;
}

/** A machine's step, and the timers it asks for that have not been set yet. */
interface Step {
  readonly kind: string;
  readonly id: number;
  readonly requests: TimerRequest[];
}

/** The limit of silence in scopes that have one. Each quarter of it is asked, and a pause looked for. */
export const unresponsiveAfterMs = 20_000;

/** As in `freeze-watch.ts`; that of `recall-watch.ts` changes. */
const freezeWatchMs = 1_000;

export class ManualClock implements Clock {
  readonly #armed = new Set<ArmedTimer>();
  /** The last is the one whose commands are being performed: a step inside another ends before it. */
  #steps: Step[] = [];
  #nowMs = 0;

  get armed(): readonly ArmedTimer[] {
    return [...this.#armed];
  }

  now(): number {
    this.#nowMs += 1;
    return this.#nowMs;
  }

  /** So much time has passed, and nobody did anything in it. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }

  /** Told of every step before its commands are performed. */
  noteStep(kind: string, id: number, commands: readonly Command[]): void {
    const requests = commands
      .filter(({ type }) => type === 'setTimer')
      .map(({ params }) => params as TimerRequest);
    if (requests.length > 0) this.#steps.push({ kind, id, requests });
  }

  /** Nothing is being performed. */
  noteRest(): void {
    this.#steps = [];
  }

  after(delayMs: number, callback: () => void): Timer {
    const armed: ArmedTimer = {
      ...this.#ownerOf(delayMs),
      fire: () => {
        this.#armed.delete(armed);
        callback();
      },
    };
    this.#armed.add(armed);
    return { cancel: () => void this.#armed.delete(armed) };
  }

  #ownerOf(delayMs: number): Omit<ArmedTimer, 'fire'> {
    for (let step = this.#steps.at(-1); step !== undefined; step = this.#steps.at(-1)) {
      const [request] = step.requests;
      if (request === undefined) {
        this.#steps.pop();
        continue;
      }
      if (request.delayMs !== delayMs) break;
      step.requests.shift();
      const { id: timerId, event } = request;
      return { kind: step.kind, id: step.id, timerId: timerId ?? null, event: event.type };
    }
    return { kind: kindOfWatch(delayMs), id: 0, timerId: null, event: '' };
  }
}

function kindOfWatch(delayMs: number): string {
  if (delayMs === freezeWatchMs) return 'freeze';
  return delayMs === unresponsiveAfterMs / 4 ? 'pause' : 'recall';
}
