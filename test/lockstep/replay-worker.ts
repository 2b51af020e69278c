/** One worker of a trace: what it was seen to hear and to do, held against all that its child may be like. */
import { type ChildWorld, distinct, type Fact } from './possible-child.ts';

/** What a worker's machine hears from outside. All else it is told by machines. */
const outsideFacts: ReadonlySet<string> = new Set([
  'child.spawnFailed',
  'child.exited',
  'child.froze',
  'child.greeted',
  'child.initialized',
  'child.initializeFailed',
  'channel.closed',
  'channel.corrupted',
  'channel.emptied',
  'task.started',
  'task.returned',
  'task.threw',
  'task.dropped',
]);

/** What a worker's machine does to its child. */
const commandsToChild: ReadonlySet<string> = new Set([
  'spawnChild',
  'writeInit',
  'writeRun',
  'writeCancel',
  'writeRecall',
  'writeStop',
  'signalChild',
  'reportProtocolError',
  'readRest',
  'loseTasks',
]);

export interface WorkerStep {
  readonly event: Fact;
  readonly commands: readonly { readonly type: string; readonly params?: unknown }[];
}

export class WorkerReplay {
  /** What is known of it, a line each. */
  readonly lines: string[] = [];
  /** What it did that cannot be. */
  problem: string | null = null;
  /** How many facts were explained. */
  facts = 0;
  /** The largest number of states that were possible at once. */
  possibleMax = 1;
  readonly #world: ChildWorld;
  #rows: Int32Array[];
  /** Its tasks have small numbers in its world. */
  readonly #slots = new Map<number, number>();

  constructor(world: ChildWorld) {
    this.#world = world;
    this.#rows = [world.start];
  }

  take({ event, commands }: WorkerStep): void {
    if (this.problem !== null) return;
    if (outsideFacts.has(event.type)) this.#see(event);
    for (const { type, params } of commands) {
      if (this.problem !== null) return;
      if (type === 'forgetWorker') this.lines.push('it is forgotten');
      else if (commandsToChild.has(type)) this.#command(type, params);
    }
  }

  /** A task has settled, or nobody knows it any more. */
  noteTask(taskId: number, what: 'settled' | 'over'): void {
    const slot = this.#slots.get(taskId);
    if (slot === undefined || this.problem !== null) return;
    this.#advance((row) => this.#world.noteTask(row, slot, what));
    if (what === 'settled') return;
    this.#slots.delete(taskId);
    this.#advance((row) => this.#world.forgetTask(row, slot));
  }

  #see(event: Fact): void {
    const { type, taskId } = event;
    this.lines.push(`${type}${taskId === undefined ? '' : ` ${taskId}`} is seen`);
    const fact = taskId === undefined ? { type } : { type, taskId: this.#slots.get(taskId) ?? 0 };
    this.#advance((row) => this.#world.see(row, fact));
    this.facts += 1;
    if (this.#rows.length === 0) this.problem = `${this.lines.at(-1)}, and its child cannot have done that`;
  }

  #command(type: string, params: unknown): void {
    const taskId = (params as { taskId?: number } | undefined)?.taskId;
    this.lines.push(`it asks for ${type}${params === undefined ? '' : ` ${JSON.stringify(params)}`}`);
    if (type === 'writeRun' && taskId !== undefined) {
      const slot = this.#slotOf(taskId);
      this.#advance((row) => this.#world.noteTask(row, slot, 'new'));
    }
    this.#advance((row) => this.#world.command(row, type, this.#renamed(params)));
    if (this.#rows.length === 0) this.problem = `${this.lines.at(-1)}, which must not be now`;
  }

  #advance(step: (row: Int32Array) => Int32Array[]): void {
    this.#rows = distinct(this.#rows.flatMap(step));
    this.possibleMax = Math.max(this.possibleMax, this.#rows.length);
  }

  #slotOf(taskId: number): number {
    const known = this.#slots.get(taskId);
    if (known !== undefined) return known;
    const taken = new Set(this.#slots.values());
    let slot = 1;
    while (taken.has(slot)) slot += 1;
    this.#slots.set(taskId, slot);
    return slot;
  }

  #renamed(params: unknown): unknown {
    if (typeof params !== 'object' || params === null) return params;
    const slotOf = (taskId: unknown): number => this.#slots.get(Number(taskId)) ?? 0;
    return Object.fromEntries(
      Object.entries(params).map(([key, value]: [string, unknown]) => {
        if (key === 'taskId') return [key, slotOf(value)];
        return [key, Array.isArray(value) ? value.map(slotOf) : value];
      }),
    );
  }
}
