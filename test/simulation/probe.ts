/**
 * Watches what no caller can see: how often each promise is settled, which attempts begin in which process,
 * what nobody caught, and what Node warns of.
 */
import process from 'node:process';
import { ChildInterpreter } from '../../src/child/interpreter.ts';
import { TaskRun } from '../../src/child/task-runner.ts';
import { WorkerLostError } from '../../src/errors.ts';
import { Dispatcher, type Match } from '../../machines/dispatcher.ts';
import { Ledger, type TaskEntry, type TaskRequest } from '../../src/parent/ledger.ts';
import type { PoolContext } from '../../machines/pool/machine.ts';
import { PoolSystem } from '../../src/parent/pool-system.ts';
import { System } from '../../src/runtime/system.ts';
import { SimulatedChild } from './child.ts';
import { WarmWatch } from './warm-watch.ts';
import type { Owner, World } from './world.ts';

/** Whoever waits for room is called within less: one after the other, each in a turn of its own. */
const roomCallMs = 1;

/** Those who wait for room in one pool's queue. */
interface RoomQueue {
  /** What each of them needs, in their order. */
  readonly waiting: number[];
  /** Since when there has been room and nobody was called. */
  roomSinceMs: number | null;
}

const executionOf = (taskId: string, attempt: number): string => `${taskId}, attempt ${attempt},`;

/** Sees everything from its making until `stop`. */
export class Probe {
  readonly #world: World;
  readonly #ledgers = new Set<Ledger>();
  readonly #dispatchers = new Set<Dispatcher>();
  readonly #systems = new Set<System>();
  readonly #roomQueues = new Map<PoolSystem, RoomQueue>();
  readonly #retries = new Map<number, TaskRequest['settings']['retries']>();
  readonly #begun = new Map<string, SimulatedChild>();
  readonly #undo: (() => void)[] = [];
  readonly #warmWatch: WarmWatch;
  #isReporting = false;

  constructor(world: World) {
    this.#world = world;
    this.#watchLedgers();
    this.#watchRuns();
    this.#watchOutcomes();
    this.#watchDispatchers();
    this.#watchSystems();
    this.#watchRoom();
    this.#warmWatch = new WarmWatch(world);
    world.onRest = (owner) => this.#checkRest(owner);
    this.#watchErrors();
    this.#shortenStacks();
  }

  stop(): void {
    this.#warmWatch.stop();
    for (const undo of this.#undo) undo();
  }

  /** How many tasks the parent still remembers. */
  get remembered(): number {
    return [...this.#ledgers].reduce((sum, ledger) => sum + ledger.size, 0);
  }

  #watchLedgers(): void {
    const { open } = Ledger.prototype;
    const note = (ledger: Ledger): void => void this.#ledgers.add(ledger);
    const onceOnly = (request: TaskRequest): TaskRequest => this.#onceOnly(request);
    const retries = this.#retries;
    Ledger.prototype.open = function openWatched(request: TaskRequest, nowMs: number): TaskEntry {
      note(this);
      const entry = open.call(this, onceOnly(request), nowMs);
      retries.set(entry.taskId, request.settings.retries);
      return entry;
    };
    this.#undo.push(() => {
      Ledger.prototype.open = open;
    });
  }

  #onceOnly(request: TaskRequest): TaskRequest {
    let settlements = 0;
    const note = (): void => {
      settlements += 1;
      if (settlements > 1) this.#world.problem(`A call of ${request.reference.name} was settled again.`);
    };
    return {
      ...request,
      resolve(value) {
        note();
        request.resolve(value);
      },
      reject(error) {
        note();
        request.reject(error);
      },
    };
  }

  #watchRuns(): void {
    const { start } = TaskRun.prototype;
    const begin = (run: TaskRun): boolean => this.#begin(run);
    TaskRun.prototype.start = function startWatched(): void {
      if (begin(this)) start.call(this);
    };
    this.#undo.push(() => {
      TaskRun.prototype.start = start;
    });
  }

  /** A function that would begin in a dead process does not. */
  #begin(run: TaskRun): boolean {
    const child = this.#world.running;
    if (!(child instanceof SimulatedChild)) {
      this.#world.problem(`Task ${run.id} began outside of any process.`);
      return true;
    }
    if (child.isDead) return false;
    const execution = executionOf(run.id, run.attempt);
    const before = this.#begun.get(execution);
    if (before !== undefined)
      this.#world.problem(`Task ${execution} began in ${before.label}, and in ${child.label} again.`);
    this.#begun.set(execution, child);
    this.#world.log(`${child.label} begins ${run.name}, task ${execution}`);
    return true;
  }

  #watchOutcomes(): void {
    const { onReturned, onThrew } = ChildInterpreter.prototype;
    const note = (run: TaskRun): void => {
      this.#begun.get(executionOf(run.id, run.attempt))?.noteOutcome(executionOf(run.id, run.attempt));
    };
    ChildInterpreter.prototype.onReturned = function onReturnedWatched(run: TaskRun, value: unknown): void {
      note(run);
      onReturned.call(this, run, value);
    };
    ChildInterpreter.prototype.onThrew = function onThrewWatched(run: TaskRun, error: unknown): void {
      note(run);
      onThrew.call(this, run, error);
    };
    this.#undo.push(() => {
      Object.assign(ChildInterpreter.prototype, { onReturned, onThrew });
    });
  }

  #watchDispatchers(): void {
    const { next } = Dispatcher.prototype;
    const note = (dispatcher: Dispatcher): void => void this.#dispatchers.add(dispatcher);
    Dispatcher.prototype.next = function nextWatched(): Match | undefined {
      note(this);
      return next.call(this);
    };
    this.#undo.push(() => {
      Dispatcher.prototype.next = next;
    });
  }

  #watchSystems(): void {
    const { run } = System.prototype;
    const note = (system: System): void => void this.#systems.add(system);
    System.prototype.run = function runWatched(): void {
      if (this.stateOf('pool', 0) !== undefined) note(this);
      run.call(this);
    };
    this.#undo.push(() => {
      System.prototype.run = run;
    });
  }

  #watchRoom(): void {
    const { ready } = PoolSystem.prototype;
    const queues = this.#roomQueues;
    const world = this.#world;
    PoolSystem.prototype.ready = function readyWatched(bytes): Promise<void> {
      const queue = queues.get(this) ?? { waiting: [], roomSinceMs: null };
      queues.set(this, queue);
      if (!this.hasRoomFor(bytes)) world.count('room waited for');
      queue.waiting.push(bytes);
      return ready.call(this, bytes).then(() => {
        queue.waiting.shift();
        queue.roomSinceMs = null;
      });
    };
    this.#undo.push(() => {
      PoolSystem.prototype.ready = ready;
    });
  }

  #checkRoom(): void {
    const { nowMs } = this.#world;
    // A pool that ends has room for nobody, and says so when it has ended.
    const states = [...this.#systems].map((system) => system.stateOf('pool', 0) ?? '');
    const admits = states.every((state) => state.startsWith('open.running'));
    for (const [pool, queue] of this.#roomQueues) {
      const [first] = queue.waiting;
      const isOverlooked = admits && first !== undefined && pool.hasRoomFor(first);
      queue.roomSinceMs = isOverlooked ? (queue.roomSinceMs ?? nowMs) : null;
      if (nowMs - (queue.roomSinceMs ?? nowMs) <= roomCallMs) continue;
      this.#world.problem(`There is room, and ${queue.waiting.length} who wait for it are not called.`);
      queue.roomSinceMs = nowMs;
    }
  }

  #checkRest(owner: Owner | null): void {
    if (owner instanceof SimulatedChild) owner.noteRest();
    this.#checkRoom();
    for (const system of this.#systems) this.#warmWatch.check(system);
    for (const { demand, idle } of this.#dispatchers) {
      if (demand === 0) continue;
      if (idle > 0) this.#world.problem(`${demand} tasks wait, and ${idle} workers are idle.`);
      for (const system of this.#systems) this.#checkGrowth(system, demand);
    }
  }

  /** Unless it pauses after a failure, a pool has as many workers as it may and could use. */
  #checkGrowth(system: System, demand: number): void {
    const context = system.contextOf('pool', 0) as PoolContext | undefined;
    const state = system.stateOf('pool', 0) ?? '';
    if (context === undefined || !/^open\.\w+\.serving$/u.test(state)) return;
    const { live, present, maxWorkers, starting, concurrency } = context;
    // One that is leaving may have failed to start: what follows from that is decided when it is gone.
    if (present > live) return;
    if (live < maxWorkers && demand > starting * concurrency)
      this.#world.problem(`${demand} tasks wait, and there are only ${live} workers of ${maxWorkers}.`);
  }

  /** A task is tried again only if its caller wishes so after such an error, and so often. */
  checkRetry(taskId: string, attempt: number, error: unknown): void {
    const isLost = error instanceof WorkerLostError;
    if (isLost) this.checkLoss(taskId, attempt);
    const { times, on } = this.#retries.get(Number(taskId.split('/').at(-1))) ?? { times: 0, on: undefined };
    const isWished = attempt <= times && (on === undefined || on === (isLost ? 'crash' : 'error'));
    if (!isWished) this.#world.problem(`Task ${taskId} is tried again, which nobody asked for.`);
  }

  /** The parent says that a process died before it could tell what became of a task. */
  checkLoss(taskId: string, attempt: number): void {
    const execution = executionOf(taskId, attempt);
    const child = this.#begun.get(execution);
    if (child?.hasTold(execution) === true)
      this.#world.problem(`Task ${execution} counts as lost, but ${child.label} had told its outcome.`);
  }

  #watchErrors(): void {
    const report = (what: string) => (error: unknown) => {
      this.#isReporting = true;
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.#isReporting = false;
      this.#world.problem(`${what} in ${this.#world.running?.label ?? 'the parent'}: ${text}`);
    };
    const onWarning = report('A warning');
    const onRejection = report('A rejection that nobody handles');
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', onRejection);
    process.on('warning', onWarning);
    process.setUncaughtExceptionCaptureCallback(report('An error that nobody caught'));
    this.#undo.push(() => {
      process.setUncaughtExceptionCaptureCallback(null);
      process.off('warning', onWarning);
      process.off('unhandledRejection', onRejection);
      for (const listener of others) process.on('unhandledRejection', listener);
    });
  }

  /** Stacks travel with errors: a run would depend on where its files are and how they were compiled. */
  #shortenStacks(): void {
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = (error, sites) =>
      this.#isReporting ? [error, ...sites].map(String).join('\n    at ') : String(error);
    this.#undo.push(() => {
      if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
      else Error.prepareStackTrace = prepareStackTrace;
    });
  }
}
