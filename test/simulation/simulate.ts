/**
 * One run of the real pool, with the real code of its children, in a world that a seed decides: the same seed
 * is the same run, to the byte.
 */
import { engineOf, Pool } from '../../src/api/executor.ts';
import { resolvePoolOptions } from '../../src/api/options.ts';
import type { HostPorts } from '../../src/parent/host-ports.ts';
import { LeaseOffice } from '../../src/parent/lease-office.ts';
import { Random } from '../workload/random.ts';
import { Workload, type WorkloadPool, type WorkloadReport } from '../workload/run.ts';
import { installBody } from './body.ts';
import { createClock, type SimulatedClock } from './clock.ts';
import { Faults } from './faults.ts';
import { meddleWith } from './meddler.ts';
import { Probe } from './probe.ts';
import {
  drawScenario,
  isPeaceful,
  isStartSafe,
  lateTimersOf,
  noticesAfterMs,
  poolOptionsOf,
  type Scenario,
} from './scenario.ts';
import { type Sabotage, Spawner } from './spawner.ts';
import { loadTasks, tasksUrl } from './task-module.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  /** Instead of the seed's own; the seed still decides all that is left to chance. */
  readonly scenario?: Scenario;
  readonly sabotage?: Sabotage;
  /** Keeps all lines of the log, not only the last ones. */
  readonly isLogKept?: boolean;
}

export interface SimulationResult {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly problems: readonly string[];
  /** The same for the same run. */
  readonly digest: string;
  readonly lines: readonly string[];
  readonly steps: number;
  readonly virtualMs: number;
  /** How often each fault and each outcome really happened. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Every run ends long before. */
const stepsMax = 400_000;
const virtualMsMax = 15 * 60_000;

export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  await loadTasks();
  return new Simulation(seed, options.scenario ?? drawScenario(seed), options).run();
}

/** A pool whose workload has the same address everywhere. */
function withTaskModule(pool: Pool): WorkloadPool {
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'module') return () => target.module(tasksUrl);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

class Simulation {
  readonly #seed: number;
  readonly #scenario: Scenario;
  readonly #world: World;
  readonly #faults: Faults;
  readonly #spawner: Spawner;
  readonly #clock: SimulatedClock;
  /** No byte is changed on its way. */
  readonly #isWhole: boolean;
  /** How often the pool said what. */
  readonly #events = new Map<string, number>();
  #holds = 0;
  #ids = 0;

  constructor(seed: number, scenario: Scenario, { sabotage = 'none', isLogKept = false }: SimulationOptions) {
    const random = new Random(seed).fork();
    this.#seed = seed;
    this.#scenario = scenario;
    this.#isWhole = sabotage === 'none';
    this.#world = new World(random.fork(), isLogKept);
    this.#faults = new Faults(random.fork(), scenario.faults);
    const surroundings = { world: this.#world, faults: this.#faults };
    this.#spawner = new Spawner(surroundings, sabotage, scenario.pool.recycle !== undefined);
    this.#clock = createClock(this.#world, this.#faults);
  }

  async run(): Promise<SimulationResult> {
    const probe = new Probe(this.#world);
    const uninstall = installBody(this.#world);
    try {
      await this.#runPool(probe);
    } finally {
      uninstall();
      probe.stop();
    }
    const world = this.#world;
    for (const [name, count] of this.#faults.counts) world.count(name, count);
    return {
      seed: this.#seed,
      scenario: this.#scenario,
      problems: world.problems,
      digest: world.digest(),
      lines: world.lines,
      steps: world.steps,
      virtualMs: world.nowMs,
      counts: world.counts,
    };
  }

  async #runPool(probe: Probe): Promise<void> {
    const world = this.#world;
    const pool = new Pool(resolvePoolOptions(poolOptionsOf(this.#scenario)), this.#ports());
    this.#listen(pool, probe);
    const workload = this.#createWorkload(pool);
    let isOver = false;
    const ended = workload.run().then(() => {
      isOver = true;
    });
    await world.settle();
    await this.#runUntil(() => isOver, workload);
    if (isOver) await ended;
    for (const problem of workload.report().problems) world.problem(problem);
    if (world.problems.length > 0) return;
    this.#note(workload.report());
    await this.#runOut();
    this.#checkEnd(pool, probe);
  }

  /** A run that does not end says what it waits for. */
  async #runUntil(isOver: () => boolean, workload: Workload): Promise<void> {
    const world = this.#world;
    while (!isOver() && world.problems.length === 0) {
      const isEndless = world.steps >= stepsMax || world.nowMs >= virtualMsMax;
      if (!isEndless && (await world.step())) {
        workload.check();
        continue;
      }
      world.problem(isEndless ? 'It never ends.' : 'Nothing happens any more.');
      for (const sentence of workload.waitsFor()) world.problem(sentence);
    }
  }

  /** What is still under way when the pool is closed comes to its end, and nothing new begins. */
  async #runOut(): Promise<void> {
    const world = this.#world;
    const stepsBefore = world.steps;
    while (await world.step()) {
      if (world.steps - stepsBefore < stepsMax) continue;
      world.problem('The closed pool never comes to rest.');
      return;
    }
  }

  #ports(): HostPorts {
    return {
      clock: this.#clock,
      epochMs: () => this.#world.nowMs,
      soon: (callback) => void this.#world.schedule(0, 'soon', null, callback),
      newId: (length) => String((this.#ids += 1)).padStart(length, '0'),
      hold: () => this.#hold(),
      spawnChild: (spec, observer) => this.#spawner.spawn(spec, observer),
      processState: (pid) => this.#spawner.stateOf(pid),
      processUsage: () => undefined,
      oomKillCount: () => this.#spawner.memoryKills,
      leaseOffice: (countCpus) => new LeaseOffice(null, countCpus),
      // No world lasts until the garbage collector runs.
      whenForgotten: () => {},
    };
  }

  #hold(): { ref(): void; unref(): void } {
    let isReferenced = true;
    this.#holds += 1;
    const set = (value: boolean): void => {
      if (value !== isReferenced) this.#holds += value ? 1 : -1;
      isReferenced = value;
    };
    return { ref: () => set(true), unref: () => set(false) };
  }

  #createWorkload(pool: Pool): Workload {
    const { pool: options, initializer, plan, paceMs, faults, isMeddledWith } = this.#scenario;
    const { maxWorkers, ...limits } = options;
    const random = new Random(this.#seed);
    const world = this.#world;
    return new Workload(withTaskModule(pool), plan, {
      pace() {
        if (paceMs === 0 || random.chance(0.5)) return Promise.resolve();
        return new Promise((resolve) => {
          world.schedule(random.int(paceMs), 'the workload goes on', null, resolve);
        });
      },
      now: () => world.nowMs,
      // With little patience, a loop that is left ends the worker of its task, and what else runs there.
      hasFaults: faults.length > 0 || !isStartSafe({ initializer }) || options.killGraceMs < 2_000,
      ...limits,
      // Whoever meddles resizes it, too.
      ...(isMeddledWith ? {} : { maxWorkers }),
      tasksPerWorker: options.recycle?.tasks ?? Infinity,
      killsSilent: options.unresponsive === 'kill',
      noticesAfterMs: noticesAfterMs(this.#scenario),
      release: () => engineOf(pool).release(),
    });
  }

  #listen(pool: Pool, probe: Probe): void {
    const world = this.#world;
    if (this.#scenario.isMeddledWith) meddleWith(pool, new Random(this.#seed), world);
    pool.on('stateChanged', ({ state }) => {
      world.log(`the pool is ${state}`);
      world.count(`pool ${state}`);
      // What was submitted in this very turn is refused in it.
      if (state === 'closed') setImmediate(() => this.#checkClosed(pool, probe));
    });
    pool.on('taskStarted', ({ taskId, attempt }) => world.log(`task ${taskId} started, attempt ${attempt}`));
    pool.on('taskSettled', ({ taskId, attempt, outcome }) => {
      world.log(`task ${taskId} is settled: ${outcome}`);
      this.#noteEvent(outcome);
      if (outcome === 'lost') probe.checkLoss(taskId, attempt);
    });
    pool.on('taskRetried', ({ taskId, attempt, error }) => {
      world.count('task retried');
      this.#noteEvent('retried');
      probe.checkRetry(taskId, attempt, error);
    });
    pool.on('workerUnresponsive', ({ workerId, pid = 0 }) => {
      world.log(`worker ${workerId} is silent`);
      if (this.#scenario.faults.length === 0 && this.#spawner.canAnswer(pid))
        world.problem(`Worker ${workerId} counts as silent, and could have answered.`);
      world.count('silence reported');
    });
    pool.on('workerResponsive', () => world.count('silence over'));
    pool.on('workerReady', ({ workerId, pid }) => world.log(`worker ${workerId} (${String(pid)}) is ready`));
    pool.on('workerExited', ({ workerId, end }) => {
      world.log(`worker ${workerId} is gone: ${end}`);
      world.count(`worker ${end}`);
      this.#noteEvent(end === 'stopped' ? end : end === 'recycled' ? 'workersRecycled' : 'workersLost');
      if (end === 'protocolBroken' && this.#isWhole)
        world.problem(`Worker ${workerId} broke the protocol, though no byte was changed.`);
    });
  }

  #noteEvent(name: string): void {
    this.#events.set(name, (this.#events.get(name) ?? 0) + 1);
  }

  #note({ endings, mapped, streamed, warmed }: WorkloadReport): void {
    for (const [ending, count] of Object.entries(endings)) this.#world.count(`call ${ending}`, count);
    this.#world.count('mapped', mapped);
    this.#world.count('streamed', streamed);
    this.#world.count('warmed', warmed);
  }

  /** What must be so at the moment when the pool says that it is closed. */
  #checkClosed(pool: Pool, probe: Probe): void {
    const world = this.#world;
    for (const child of this.#spawner.living) world.problem(`The pool is closed, but ${child.label} lives.`);
    if (probe.remembered > 0) world.problem(`The closed pool remembers ${probe.remembered} tasks.`);
    for (const { parentEnd, label } of this.#spawner.children.values()) {
      if (!parentEnd.destroyed) world.problem(`The pool is closed, but its pipe to ${label} is open.`);
      if (parentEnd.isReferenced) world.problem(`The pipe to ${label} keeps the program alive.`);
    }
    this.#checkTimers();
    const stats = pool.stats();
    const { submitted, fulfilled, rejected, cancelled, lost, waiting, running, workers } = stats;
    if (isPeaceful(this.#scenario) && stats.workersLost > 0)
      world.problem(`${stats.workersLost} workers were lost though nothing ended them.`);
    for (const name of ['fulfilled', 'lost', 'retried', 'workersLost', 'workersRecycled'] as const) {
      const said = this.#events.get(name) ?? 0;
      if (stats[name] !== said) world.problem(`The pool counts ${stats[name]} ${name}, and told of ${said}.`);
    }
    const isBalanced = submitted === fulfilled + rejected + cancelled + lost;
    if (!isBalanced || waiting + running + workers > 0)
      world.problem(`The counts of the closed pool do not add up: ${JSON.stringify(stats)}`);
  }

  #checkTimers(): void {
    const allowed = lateTimersOf(this.#scenario);
    for (const [timer, delayMs] of this.#clock.armed) {
      if (!allowed.has(delayMs)) this.#world.problem(`The pool is closed, but ${timer} is still armed.`);
    }
  }

  #checkEnd(pool: Pool, probe: Probe): void {
    const world = this.#world;
    if (pool.state !== 'closed') world.problem(`At the end the pool is ${pool.state}.`);
    if (probe.remembered > 0) world.problem(`At the end the pool remembers ${probe.remembered} tasks.`);
    if (this.#holds !== 0) world.problem('At the end the pool still keeps the program alive.');
    for (const timer of this.#clock.armed.keys()) world.problem(`At the end ${timer} is still armed.`);
  }
}
