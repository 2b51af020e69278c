/**
 * What may go wrong in a simulation. Each seed turns some of it on and leaves the rest out: a fault that is
 * always there hides what only happens without it.
 */
import type { Random } from '../workload/random.ts';

export const faultNames = [
  'spawn fails',
  'slow start',
  'start never ends',
  'crash before an event',
  'crash in a write',
  'killed from outside',
  'partial write',
  'small kernel buffer',
  'split read',
  'slow read',
  'late exit',
  'exit before the end of output',
  'SIGTERM ignored',
  'late SIGKILL',
  'SIGKILL without effect',
  'channel closed by its child',
  'stopped',
  'pipe held by a grandchild',
  'late timer',
  'memory kill',
] as const;

export type FaultName = (typeof faultNames)[number];

/** How likely each is at each occasion, when it is turned on. */
const likelihoods: Readonly<Record<FaultName, number>> = {
  'spawn fails': 0.15,
  'slow start': 0.4,
  'start never ends': 0.1,
  'crash before an event': 0.01,
  'crash in a write': 0.015,
  'killed from outside': 0.3,
  'partial write': 0.3,
  'small kernel buffer': 0.7,
  'split read': 0.4,
  'slow read': 0.2,
  'late exit': 0.5,
  'exit before the end of output': 0.5,
  'SIGTERM ignored': 0.5,
  'late SIGKILL': 0.3,
  'SIGKILL without effect': 0.2,
  'channel closed by its child': 0.15,
  stopped: 0.2,
  'pipe held by a grandchild': 0.15,
  'late timer': 0.2,
  'memory kill': 0.5,
};

/** Faults that end a process: without a limit a retried task would never end. */
const deadly: ReadonlySet<FaultName> = new Set([
  'spawn fails',
  'start never ends',
  'crash before an event',
  'crash in a write',
  'killed from outside',
  'channel closed by its child',
  'stopped',
]);
const deathsMax = 12;

export class Faults {
  readonly #enabled: ReadonlySet<FaultName>;
  /** How often each has happened. */
  readonly counts = new Map<FaultName, number>();
  readonly #random: Random;
  readonly #factor: number;
  #deaths = 0;

  constructor(random: Random, enabled: readonly FaultName[]) {
    this.#random = random.fork();
    this.#enabled = new Set(enabled);
    // In some runs everything happens often, in others hardly ever.
    this.#factor = random.pick([0.3, 1, 1, 3]);
  }

  /** Whether the fault happens on this occasion, now. */
  happens(name: FaultName): boolean {
    const isNow = this.plans(name);
    if (isNow) this.note(name);
    return isNow;
  }

  /** Whether the fault is to happen, later: it may come too late, and counts only when it has happened. */
  plans(name: FaultName): boolean {
    if (!this.#enabled.has(name)) return false;
    if (!this.#random.chance(Math.min(0.9, likelihoods[name] * this.#factor))) return false;
    if (deadly.has(name)) {
      if (this.#deaths === deathsMax) return false;
      this.#deaths += 1;
    }
    return true;
  }

  /** The fault has happened. */
  note(name: FaultName): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}

/** The faults of a seed: about half of them, none of them now and then. */
export function drawFaults(random: Random): FaultName[] {
  const share = random.pick([0, 0.2, 0.5, 0.5, 0.8]);
  return faultNames.filter(() => random.chance(share));
}
