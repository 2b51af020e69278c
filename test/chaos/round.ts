/** One random pool, its workload and its saboteur, from the first process to the last. */
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { createPool, type Pool, type PoolOptions } from 'troupe';
import { type FunctionWeights, planWorkload, usualWeights } from '../workload/plan.ts';
import { Random } from '../workload/random.ts';
import { Workload, type WorkloadReport } from '../workload/run.ts';
import { echoes } from '../workload/tasks.mjs';
import { Saboteur } from './saboteur.ts';
import type { Trace } from './trace.ts';

/** How much harm is done: to nothing, now and then, or to whatever moves. */
type Mood = 'calm' | 'rough' | 'storm';

interface Weather {
  readonly everyMs: number;
  readonly actsMax: number;
}

const weathers: Readonly<Record<Mood, Weather>> = {
  calm: { everyMs: Infinity, actsMax: 0 },
  rough: { everyMs: 120, actsMax: 100 },
  storm: { everyMs: 25, actsMax: 80 },
};

/**
 * Nothing hangs as long as tasks settle: a single worker that is killed all the time takes a while for a
 * thousand of them. Stopped workers are noticed within seconds.
 */
const patienceMs = 20_000;

/** Of what a round that hangs waits for. */
const sentencesMax = 12;

export interface RoundOptions {
  readonly number: number;
  readonly seed: number;
  readonly operationsMax: number;
  readonly trace: Trace | null;
}

export interface RoundResult extends WorkloadReport {
  readonly isStuck: boolean;
}

export class Round {
  readonly pool: Pool;
  readonly workload: Workload;
  readonly saboteur: Saboteur;
  readonly #options: RoundOptions;
  readonly #poolOptions: PoolOptions;
  readonly #mood: Mood;
  #isHurried = false;

  constructor(options: RoundOptions, onPid: (pid: number) => void) {
    const { number, seed, trace } = options;
    const random = new Random(seed);
    this.#options = options;
    this.#mood = random.pickWeighted<Mood>({ calm: 2, rough: 5, storm: 3 });
    this.#poolOptions = randomPoolOptions(random.fork(), number, this.#mood, trace !== null);
    trace?.write([number, 'options', { seed, mood: this.#mood, ...this.#poolOptions }]);
    const make = (): Pool => createPool(this.#poolOptions);
    this.pool = trace === null ? make() : trace.follow(number, make);
    for (const { pid } of this.pool.workers) if (pid !== undefined) onPid(pid);
    this.pool.on('workerStarted', ({ pid }) => pid !== undefined && onPid(pid));
    this.saboteur = new Saboteur({
      pool: this.pool,
      random: random.fork(),
      ...weathers[this.#mood],
      onSignal: (workerId, signal) => trace?.write([number, 'chaos', workerId, signal]),
    });
    this.workload = this.#plan(random);
  }

  /** Runs to the end; a round that does not end is given up and says what it waits for. */
  async run(): Promise<RoundResult> {
    this.saboteur.start();
    const timeout = new AbortController();
    const stuck = this.#whenStuck(timeout.signal).catch(() => null);
    const report = await Promise.race([this.workload.run(), stuck]);
    timeout.abort();
    this.saboteur.stop();
    if (report !== null) return { ...report, isStuck: false, problems: this.#explain(report.problems) };
    const problems = this.#explain([...this.workload.report().problems, ...this.#inventory()]);
    return { ...this.workload.report(), isStuck: true, problems };
  }

  async #whenStuck(signal: AbortSignal): Promise<null> {
    for (let seen = -1; this.#settled > seen;) {
      seen = this.#settled;
      await delay(patienceMs, null, { signal });
    }
    return null;
  }

  get #settled(): number {
    const { fulfilled, rejected, cancelled, lost } = this.pool.stats();
    return fulfilled + rejected + cancelled + lost;
  }

  /** Nobody is attacked any more, and the rest of the plan follows at once. */
  hurry(): void {
    this.#isHurried = true;
    this.saboteur.stop();
  }

  /** The same pool and the same plan can be made from what this says. */
  #explain(problems: readonly string[]): string[] {
    if (problems.length === 0) return [];
    const { number, seed } = this.#options;
    const options = JSON.stringify(this.#poolOptions);
    return [
      `Round ${number} has seed ${seed}, is ${this.#mood}, and its pool has the options ${options}.`,
      ...problems.map((problem) => `Round ${number}: ${problem}`),
    ];
  }

  #inventory(): string[] {
    return [
      'It did not end.',
      ...this.workload.waitsFor().slice(0, sentencesMax),
      `The pool counts ${JSON.stringify(this.pool.stats())}.`,
      `Its workers are ${JSON.stringify(this.pool.workers)}.`,
    ];
  }

  #plan(random: Random): Workload {
    const {
      maxWorkers = 1,
      concurrency = 1,
      maxQueue = Infinity,
      maxQueueBytes = Infinity,
    } = this.#poolOptions;
    const { recycle, unresponsive, unresponsiveAfterMs = Infinity } = this.#poolOptions;
    const isHeard = Number.isFinite(unresponsiveAfterMs);
    const { number, trace, operationsMax } = this.#options;
    const weights = {
      ...usualWeights,
      ...randomWeights(random),
      blocks: isHeard ? 1 : 0,
      ...(trace === null ? {} : { nests: 0 }),
    };
    const bytesMax = random.chance(0.2) ? 3 * 2 ** 20 : 65_536;
    const plan = planWorkload(random.fork(), random.between(20, operationsMax), {
      weights,
      bytesMax,
      maxWorkers,
      ...(isHeard ? { blockMs: [unresponsiveAfterMs / 4, unresponsiveAfterMs * 2] } : {}),
    });
    const steps = random.fork();
    const pauseMs = random.pick([10, 40]);
    return new Workload(this.pool, plan, {
      pace: () => (this.#isHurried ? nextTurn() : pause(steps, pauseMs)),
      now: () => performance.now(),
      hasFaults: this.#mood !== 'calm',
      concurrency,
      maxQueue,
      maxQueueBytes,
      maxWorkers,
      tasksPerWorker: recycle?.tasks ?? Infinity,
      unresponsiveAfterMs,
      killsSilent: unresponsive === 'kill',
      onTask: (taskId, fn) =>
        trace?.write([number, 'fixture', Number(taskId.slice(taskId.lastIndexOf('/') + 1)), fn]),
    });
  }
}

/** Most operations follow each other within a turn, some wait for the pool to do something. */
async function pause(random: Random, mostMs: number): Promise<void> {
  if (random.chance(0.5)) return;
  if (random.chance(0.5)) await nextTurn();
  else await delay(random.int(mostMs));
}

/** A task that stops its own process costs seconds, so most plans have none. */
function randomWeights(random: Random): FunctionWeights {
  return {
    ...(random.chance(0.05) ? { stopsItself: 0.3 } : {}),
    ...(random.chance(0.5) ? { leaksRejection: 0, ignoresAbort: 0 } : {}),
    ...(random.chance(0.2) ? { exits: 8, diesOfKill: 8, diesOfTerm: 4 } : {}),
  };
}

/** A trace is held against a model in which a child is asked nothing, and tasks submit no others. */
function randomPoolOptions(random: Random, number: number, mood: Mood, isTraced: boolean): PoolOptions {
  const maxWorkers = random.between(1, 4);
  // On a busy machine no worker starts so fast: then the pool must break.
  const isHasty = mood !== 'calm' && random.chance(0.1);
  const isPatient = !isHasty && random.chance(0.8);
  return {
    name: `chaos-${number}`,
    maxWorkers,
    minWorkers: random.chance(0.3) ? random.int(maxWorkers + 1) : 0,
    concurrency: random.pick([1, 1, 1, 2, 4]),
    maxQueue: random.chance(0.7) ? Infinity : random.pick([0, 5, 20, 100, 100]),
    maxQueueBytes: random.chance(0.8) ? Infinity : random.pick([1, 2_000, 100_000]),
    idleTimeoutMs: random.chance(0.7) ? Infinity : random.int(50),
    killGraceMs: random.pick([0, 20, 200, 1_000]),
    startTimeoutMs: isHasty ? random.between(80, 500) : 30_000,
    restarts: {
      max: isPatient ? 1_000 : random.pick([0, 2, 5]),
      withinMs: random.pick([100, 10_000]),
    },
    stdio: random.chance(0.3) ? 'capture' : 'ignore',
    // Not the loader that runs this file: the children have nothing to translate.
    execArgv: [],
    ...(random.chance(0.3) ? { recycle: randomRecycling(random) } : {}),
    ...(!isTraced && random.chance(0.25) ? randomSilence(random) : {}),
    ...(random.chance(0.2) ? { initialize: { fn: echoes, args: [number, 'initialize'] } } : {}),
  };
}

/** Processes cost most of the time, so few rounds have a new one for each task. */
function randomRecycling(random: Random): NonNullable<PoolOptions['recycle']> {
  const kind = random.pick(['tasks', 'tasks', 'memory', 'age'] as const);
  if (kind === 'tasks') return { tasks: random.pick([1, 10, 50, 50]) };
  // No process of Node is so small, and few grow by so little.
  if (kind === 'memory') return random.chance(0.3) ? { rssBytes: 2 ** 20 } : { rssGrowthBytes: 8 * 2 ** 20 };
  return { ageMs: random.between(50, 2_000) };
}

/** On a busy machine whoever has work is silent for a while, too. */
function randomSilence(random: Random): Pick<PoolOptions, 'unresponsiveAfterMs' | 'unresponsive'> {
  return { unresponsiveAfterMs: random.pick([100, 400]), unresponsive: random.pick(['report', 'kill']) };
}
