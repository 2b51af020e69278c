/** Tasks run wherever the parent of this process lets them: the engine of pools inside tasks. */
import { runningTask } from '../child/current-task.ts';
import { Observers, type PoolState } from '../observe/events.ts';
import type { Engine, PoolStats, TaskEntry, TaskRequest, WorkerInfo } from './engine.ts';
import { NestingError } from '../errors.ts';
import type { Destination, RemoteTasks } from './remote-tasks.ts';

export class RemoteEngine implements Engine {
  readonly state: PoolState = 'running';
  readonly workers: readonly WorkerInfo[] = [];
  readonly observers: Observers = new Observers();
  readonly isOpen = true;
  readonly #tasks: RemoteTasks;
  readonly #destination: Destination;

  constructor(tasks: RemoteTasks, destination: Destination) {
    this.#tasks = tasks;
    this.#destination = destination;
  }

  now(): number {
    return performance.now();
  }

  expectWork(): void {
    // The worker that will run it may be this one.
  }

  submit(request: TaskRequest): TaskEntry {
    return this.#tasks.submit(request, this.#destination);
  }

  refuse(request: TaskRequest, error: unknown): TaskEntry {
    const entry = this.#tasks.open(request, this.#destination);
    this.#tasks.settle(entry, 'rejected', error);
    return entry;
  }

  idOf({ givenId }: TaskEntry): string {
    return `${this.#destination.id}/${givenId}`;
  }

  cancel(entry: TaskEntry, reason: unknown): void {
    this.#tasks.cancel(entry, this.#destination.id, reason);
  }

  grantCredit(entry: TaskEntry, credit: number): void {
    this.#tasks.grantCredit(entry, credit);
  }

  attach(entry: TaskEntry, promise: Promise<unknown>): void {
    this.#tasks.attach(entry, promise);
  }

  get hearsWaits(): boolean {
    return true;
  }

  noteWait(promise: Promise<unknown>): void {
    const end = runningTask()?.beginWait() ?? null;
    if (end !== null) void Promise.prototype.then.call(promise, end, end);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  hasRoomFor(): boolean {
    return true;
  }

  release(): void {
    notHere();
  }

  warm(): Promise<void> {
    return notHere();
  }

  stats(): PoolStats {
    return notHere();
  }

  resize(): void {
    notHere();
  }

  close(): Promise<void> {
    return notHere();
  }

  terminate(): Promise<void> {
    return notHere();
  }
}

function notHere(): never {
  throw new NestingError('A pool is counted, resized and closed where it was made, not in its tasks.');
}
