/**
 * Hands tasks over as the model did. What the real dispatcher would choose depends on durations; whatever it
 * chooses is one of the model's choices, and all of these are to be seen.
 */
import { Dispatcher, type Match, type WaitingTask } from '../../machines/dispatcher.ts';
import type { TaskId, WorkerId } from '../../machines/ids.ts';

export class DirectedDispatcher extends Dispatcher {
  /** What is to be handed over, in order, each when `isDue`. A worker is found when its turn comes. */
  matches: { readonly taskId: TaskId; isDue(): boolean; worker(): WorkerId | undefined }[] = [];
  /** Whom to let go, the first first. */
  retirees: readonly WorkerId[] = [];
  readonly #concurrency: number;
  #queue: TaskId[] = [];
  readonly #held = new Map<WorkerId, Set<TaskId>>();

  constructor(concurrency: number) {
    super(concurrency);
    this.#concurrency = concurrency;
  }

  get queue(): readonly TaskId[] {
    return this.#queue;
  }

  override get waiting(): number {
    return this.#queue.length;
  }

  override get demand(): number {
    return this.#queue.length;
  }

  override get idle(): number {
    return [...this.#held.values()].filter(({ size }) => size === 0).length;
  }

  override get isUneven(): boolean {
    const sizes = [...this.#held.values()].map(({ size }) => size);
    return sizes.some((size) => size > this.#concurrency) && sizes.some((size) => size < this.#concurrency);
  }

  override noteDuration(): void {
    // Nothing is chosen by it here.
  }

  override enqueue({ taskId }: WaitingTask, front: boolean): void {
    this.#queue = front ? [taskId, ...this.#queue] : [...this.#queue, taskId];
  }

  override dequeue(taskId: TaskId): void {
    this.#queue = this.#queue.filter((waiting) => waiting !== taskId);
  }

  override offer(workerId: WorkerId): void {
    this.#held.set(workerId, new Set());
  }

  override withdraw(workerId: WorkerId): void {
    this.#held.delete(workerId);
  }

  override free(workerId: WorkerId, taskId: TaskId): void {
    this.#held.get(workerId)?.delete(taskId);
  }

  override next(): Match | undefined {
    const [match] = this.matches;
    if (match === undefined || match.taskId !== this.#queue[0] || !match.isDue()) return undefined;
    const workerId = match.worker();
    const held = workerId === undefined ? undefined : this.#held.get(workerId);
    if (workerId === undefined || held === undefined) return undefined;
    this.matches.shift();
    this.#queue.shift();
    held.add(match.taskId);
    return { taskId: match.taskId, workerId };
  }

  override leastBusy(count: number): WorkerId[] {
    const others = [...this.#held.keys()].filter((workerId) => !this.retirees.includes(workerId));
    const chosen = this.retirees.filter((workerId) => this.#held.has(workerId));
    return [...chosen, ...others].slice(0, count);
  }
}
