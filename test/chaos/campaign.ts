/** Makes rounds until the time is up, one or two at a time, and adds up what they say. */
import { Random } from '../workload/random.ts';
import { type Footprint, leaksSince, livingMembersOf, takeFootprint } from './footprint.ts';
import { Round, type RoundResult } from './round.ts';
import type { Trace } from './trace.ts';

export interface CampaignOptions {
  readonly durationMs: number;
  readonly seed: number;
  readonly trace: Trace | null;
}

/** Counts of all rounds, with those that go on. */
export interface Figures {
  readonly rounds: number;
  readonly submitted: number;
  readonly settled: number;
  readonly results: number;
  readonly kills: number;
  readonly retried: number;
  readonly lost: number;
  readonly workers: number;
}

export interface ChaosLedger {
  readonly seed: number;
  readonly seconds: number;
  readonly figures: Figures;
  readonly endings: Readonly<Record<string, number>>;
  /** Processes that were started. */
  readonly processes: number;
  readonly before: Footprint;
  readonly after: Footprint;
  readonly problems: readonly string[];
}

const zero: Figures = {
  rounds: 0,
  submitted: 0,
  settled: 0,
  results: 0,
  kills: 0,
  retried: 0,
  lost: 0,
  workers: 0,
};

/** Rounds before the footprint is taken: modules are loaded, code is compiled, buffers have their size. */
const warmUpRounds = 3;

/** A short run has short plans, or it would see only one. */
const operationEveryMs = 50;
const operationsMost = 700;

const problemsMax = 100;

export class Campaign {
  readonly problems: string[] = [];
  readonly #options: CampaignOptions;
  readonly #random: Random;
  readonly #running = new Set<Round>();
  readonly #pids = new Set<number>();
  readonly #endings: Record<string, number> = {};
  #past: Figures = zero;
  /** The time is up, or a round hangs: what goes on ends as soon as it can, and nothing new begins. */
  #isOver = false;
  #isStuck = false;
  #number = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
  }

  figures(): Figures {
    return [...this.#running].reduce((sum, round) => add(sum, figuresOf(round)), this.#past);
  }

  report(problem: string): void {
    if (this.problems.length < problemsMax) this.problems.push(problem);
  }

  async run(): Promise<ChaosLedger> {
    const startedAtMs = performance.now();
    const cold = takeFootprint();
    const end = setTimeout(() => this.#end(), this.#options.durationMs);
    for (let round = 0; round < warmUpRounds; round += 1) await this.#round();
    // Descriptors and processes are given back from the first; the heap has its size after a while only.
    const before = { ...cold, heapBytes: takeFootprint().heapBytes };
    while (!this.#isOver) {
      const together = this.#random.between(1, 2);
      await Promise.all(Array.from({ length: together }, () => this.#round()));
    }
    clearTimeout(end);
    if (!this.#isStuck) await this.#audit(before);
    return {
      seed: this.#options.seed,
      seconds: Math.round((performance.now() - startedAtMs) / 1_000),
      figures: this.figures(),
      endings: this.#endings,
      processes: this.#pids.size,
      before,
      after: takeFootprint(),
      problems: this.problems,
    };
  }

  #end(): void {
    this.#isOver = true;
    for (const round of this.#running) round.hurry();
  }

  async #round(): Promise<void> {
    if (this.#isOver) return;
    this.#number += 1;
    const seed = this.#random.int(2 ** 31);
    const { trace, durationMs } = this.#options;
    const operationsMax = Math.min(operationsMost, 20 + Math.round(durationMs / operationEveryMs));
    const options = { number: this.#number, seed, operationsMax, trace };
    const round = new Round(options, (pid) => this.#pids.add(pid));
    this.#running.add(round);
    const result = await round.run();
    this.#running.delete(round);
    this.#past = add(this.#past, { ...figuresOf(round), workers: 0, rounds: 1 });
    this.#note(result);
  }

  #note({ isStuck, endings, problems }: RoundResult): void {
    this.#isStuck ||= isStuck;
    if (isStuck) this.#end();
    for (const [ending, count] of Object.entries(endings))
      this.#endings[ending] = (this.#endings[ending] ?? 0) + count;
    for (const problem of problems) this.report(problem);
  }

  async #audit(before: Footprint): Promise<void> {
    const { submitted, settled } = this.figures();
    if (submitted !== settled) this.report(`${submitted} tasks were submitted, and ${settled} settled.`);
    for (const leak of await leaksSince(before)) this.report(leak);
    const left = livingMembersOf(this.#pids);
    if (left.length > 0) this.report(`Processes are left in the groups of workers: ${left.join(', ')}.`);
  }
}

function figuresOf({ pool, workload, saboteur }: Round): Figures {
  const { submitted, settled, mapped, streamed } = workload.report();
  const { retried, lost, workers } = pool.stats();
  return {
    rounds: 0,
    submitted,
    settled,
    results: mapped + streamed,
    kills: saboteur.kills,
    retried,
    lost,
    workers,
  };
}

function add(one: Figures, other: Figures): Figures {
  return {
    rounds: one.rounds + other.rounds,
    submitted: one.submitted + other.submitted,
    settled: one.settled + other.settled,
    results: one.results + other.results,
    kills: one.kills + other.kills,
    retried: one.retried + other.retried,
    lost: one.lost + other.lost,
    workers: one.workers + other.workers,
  };
}
