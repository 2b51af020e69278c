/** A real pool with real children, in which nothing happens unless it is told to. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { valueAt } from '../../machines/protocol.ts';
import { Dispatcher } from '../../machines/dispatcher.ts';
import { encodeValue } from '../../src/codec/codec.ts';
import type { Child, ChildObserver, ChildSpec } from '../../src/parent/child-process.ts';
import { type HostPorts, realHost } from '../../src/parent/host-ports.ts';
import type { TaskEntry, TaskRequest } from '../../src/parent/ledger.ts';
import { PoolSystem } from '../../src/parent/pool-system.ts';
import type { System } from '../../src/runtime/system.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import type { Control } from './control.ts';
import { DirectedDispatcher } from './directed-dispatcher.ts';
import { ManualClock } from './manual-clock.ts';
import { taskReference } from './orders.ts';
import { outcomeOf } from './outcomes.ts';
import { lengths, poolOptionsOf } from './pool-options.ts';
import { type Choices, eventLine, type Plan } from './plan.ts';
import { RealChild } from './real-child.ts';

/** Where children find their code, and call. */
export interface Stage {
  readonly entry: string;
  readonly control: Control;
}

const nowhere = '/nowhere/to/be/found';

export class Reality {
  readonly clock: ManualClock = new ManualClock();
  readonly pool: PoolSystem;
  /** By the model's ids. */
  readonly children: Map<number, RealChild> = new Map();
  readonly tasks: Map<number, TaskEntry> = new Map();
  /** What came out for those outside, in order. */
  settlements: string[] = [];
  /** What machines got, in order. */
  events: string[] = [];
  announced = 'running';
  /** Children that the model does not spawn. */
  unplanned = 0;
  /** Every process that was started. */
  readonly started: RealChild[] = [];
  readonly #eventCounts = new Map<string, number>();
  readonly #soon: (() => void)[] = [];
  /** How many workers callers of `warm` wait for. */
  readonly #warmings = new Map<symbol, number>();
  readonly #scope: PoolScope;
  readonly #stage: Stage;
  readonly #directed: DirectedDispatcher | null;
  readonly #realIds = new Map<number, number>();
  readonly #outcomes = new Map<number, string>();
  readonly #arguments = new Map<number, Uint8Array>();
  #system: System | null = null;
  #spawns: Choices['spawns'] = [];
  #unsendable: readonly number[] = [];
  #callback: Choices['callback'] = null;
  #lastWorkerId = 0;

  constructor({ scope, startChoices }: Pick<Plan, 'scope' | 'startChoices'>, stage: Stage) {
    this.#scope = scope;
    this.#stage = stage;
    // With one worker, and nothing ahead, there is nothing to choose.
    const mayChoose = scope.workers > 1 || scope.window > 0 || scope.sizes.length > 0;
    this.#directed = mayChoose ? new DirectedDispatcher(scope.concurrency) : null;
    this.prepare(startChoices);
    const listen = (system: unknown): void => this.#follow(system as System);
    subscribe('troupe:system', listen);
    try {
      const dispatcher = this.#directed ?? new Dispatcher(scope.concurrency);
      this.pool = new PoolSystem(poolOptionsOf(scope, stage.entry), this.#ports(), dispatcher);
    } finally {
      unsubscribe('troupe:system', listen);
    }
    this.pool.observers.on('stateChanged', ({ state }) => {
      this.announced = state;
    });
  }

  /** Tasks that wait for a worker; `null` if nobody can tell. */
  get queue(): readonly number[] | null {
    return this.#directed?.queue ?? null;
  }

  get system(): System {
    if (this.#system === null) throw new Error('The pool published no system.');
    return this.#system;
  }

  /** What the model chose in the step that follows. */
  prepare({ spawns, matches, retirees, unsendable, callback }: Choices): void {
    this.#spawns = spawns;
    this.#unsendable = unsendable;
    this.#callback = callback;
    this.settlements = [];
    this.events = [];
    for (const child of this.children.values()) child.signals.length = 0;
    if (this.#directed === null) return;
    const demandsBefore = this.countOf('demand.seen');
    this.#directed.matches = matches.map(({ taskId, workerId, demands }) => ({
      taskId,
      isDue: () => this.countOf('demand.seen') - demandsBefore >= demands,
      worker: () => this.#realIds.get(workerId),
    }));
    this.#directed.retirees = retirees.flatMap((workerId) => this.#realIds.get(workerId) ?? []);
  }

  /** How many steps of machines there were with this event. */
  countOf(event: string): number {
    return this.#eventCounts.get(event) ?? 0;
  }

  /** Calls back one of those who asked for it. False if there is none. */
  callBack(): boolean {
    const callback = this.#soon.shift();
    callback?.();
    return callback !== undefined;
  }

  realIdOf(workerId: number): number {
    return this.#realIds.get(workerId) ?? 0;
  }

  /** The model's id of a worker; 0 is none. */
  modelIdOf(realId: number): number {
    for (const [modelId, id] of this.#realIds) if (id === realId) return modelId;
    return 0;
  }

  submit(): void {
    const taskId = this.tasks.size + 1;
    const bytes = new Uint8Array(8);
    this.#arguments.set(taskId, bytes);
    this.tasks.set(taskId, this.pool.submit(this.#request(taskId, bytes)));
  }

  cancel(taskId: number): void {
    const entry = this.tasks.get(taskId);
    if (entry === undefined) throw new Error(`There is no task ${taskId}.`);
    this.pool.cancel(entry, 'The path says so.');
  }

  /** The most workers that somebody waits for, or 0. */
  get warming(): number {
    return Math.max(0, ...this.#warmings.values());
  }

  warm(count: number): void {
    const call = Symbol('warm');
    this.#warmings.set(call, count);
    const forget = (): void => void this.#warmings.delete(call);
    this.pool.warm(count).then(forget, forget);
  }

  closeWithinTime(): void {
    void this.pool.close(true, lengths.closeTimeoutMs);
  }

  async remove(): Promise<void> {
    for (const child of this.started) await child.remove();
  }

  #follow(system: System): void {
    this.#system = system;
    system.onStep = (kind, id, event, commands) => {
      this.clock.noteStep(kind, id, commands);
      const modelId = kind === 'worker' ? this.modelIdOf(id) : id;
      if (event.type !== 'xstate.init') this.events.push(eventLine(kind, modelId, event));
      this.#eventCounts.set(event.type, this.countOf(event.type) + 1);
      if (commands.some(({ type }) => type === 'writeRun')) this.#spoilArguments();
      for (const { type, params } of commands) {
        const { taskId, why, outcome } = (params ?? {}) as { taskId: number; why: string; outcome: string };
        if (type === 'refuseTask') this.#outcomes.set(taskId, `refused: ${why}`);
        if (type === 'settle') this.#outcomes.set(id, outcome);
      }
      if (kind === 'worker' && event.type === 'xstate.init') this.#lastWorkerId = id;
    };
  }

  #ports(): HostPorts {
    return {
      ...realHost,
      clock: this.clock,
      epochMs: () => 0,
      soon: (callback) => void this.#soon.push(callback),
      hold: () => ({ ref: () => undefined, unref: () => undefined }),
      spawnChild: (spec, observer) => this.#spawn(spec, observer),
    };
  }

  #spawn(spec: ChildSpec, observer: ChildObserver): Child {
    const [planned, ...others] = this.#spawns;
    this.#spawns = others;
    const fails = planned === undefined || planned.fails;
    const child = new RealChild(fails ? { ...spec, cwd: nowhere } : spec, observer, this.#stage.control);
    if (planned === undefined) this.unplanned += 1;
    else {
      this.children.set(planned.workerId, child);
      this.#realIds.set(planned.workerId, this.#lastWorkerId);
    }
    if (!fails) this.started.push(child);
    return child.child;
  }

  /** The bytes of a task's arguments are given to somebody else while it waits. */
  #spoilArguments(): void {
    for (const taskId of this.#unsendable) {
      const bytes = this.#arguments.get(taskId);
      if (bytes !== undefined && bytes.byteLength > 0)
        structuredClone(bytes.buffer, { transfer: [bytes.buffer as ArrayBuffer] });
    }
  }

  /** What a caller does at once when its task has settled. */
  #react(): void {
    const callback = this.#callback;
    this.#callback = null;
    if (callback?.do === 'submit') this.submit();
    else if (callback?.do === 'cancel') this.cancel(callback.taskId);
    else if (callback?.do === 'close') void this.pool.close(true, Infinity);
  }

  #request(taskId: number, bytes: Uint8Array): TaskRequest {
    const { timers, retries } = this.#scope;
    const limit = (name: (typeof timers)[number], ms: number): number =>
      timers.includes(name) ? ms : Infinity;
    const settle = (how: string): void => {
      this.settlements.push(`${taskId} ${how}`);
      this.#react();
    };
    return {
      reference: taskReference,
      mode: 'call',
      args: encodeValue([bytes], valueAt.run, 'argument'),
      captured: null,
      settings: {
        timeoutMs: limit('timeout', lengths.timeoutMs),
        queueTimeoutMs: limit('queueTimeout', lengths.queueTimeoutMs),
        deadline: limit('deadline', lengths.deadlineMs),
        retries: {
          times: retries,
          on: undefined,
          backoffMs: timers.includes('backoff') ? lengths.backoffMs : 0,
        },
        priority: 0,
        key: undefined,
        signal: undefined,
        onProgress: undefined,
        name: undefined,
      },
      sink: null,
      site: {},
      resolve: (value) => settle(outcomeOf(this.#outcomes.get(taskId), 'resolved', value)),
      reject: (error) => settle(outcomeOf(this.#outcomes.get(taskId), 'rejected', error)),
    };
  }
}
