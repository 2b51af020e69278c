/** The order in which a farm's calls are taken: jest-worker's two queues, and what a queue must be. */

/** A call that waits. `request[1]` is true once a worker has taken it. */
export interface QueuedCall {
  readonly request: [type: 1, isProcessed: boolean, methodName: string, args: readonly unknown[]];
}

/** Where calls wait; `workerId` counts from 0. Without one, a call is for any worker. */
export interface TaskQueue {
  enqueue(task: QueuedCall, workerId?: number): void;
  /** The next call for this worker, or `null`. */
  dequeue(workerId: number): QueuedCall | null;
}

/** First come, first served, over the calls bound to a worker and those for any together. */
export class FifoQueue implements TaskQueue {
  #ranks = 0;
  readonly #calls = new Ordered(() => (this.#ranks += 1));

  enqueue(task: QueuedCall, workerId?: number): void {
    this.#calls.add(task, workerId);
  }

  dequeue(workerId: number): QueuedCall | null {
    return this.#calls.take(workerId);
  }
}

/**
 * Lower priorities first; of equal ones, those bound to the worker, and then in the order they came.
 *
 * @example
 *   new PriorityQueue((method, filename) => String(filename).length);
 */
export class PriorityQueue implements TaskQueue {
  readonly #calls: Ordered;

  constructor(computePriority: (method: string, ...args: unknown[]) => number) {
    this.#calls = new Ordered(({ request: [, , method, args] }) => computePriority(method, ...args));
  }

  enqueue(task: QueuedCall, workerId?: number): void {
    this.#calls.add(task, workerId);
  }

  dequeue(workerId: number): QueuedCall | null {
    return this.#calls.take(workerId);
  }
}

interface Waiting {
  readonly task: QueuedCall;
  readonly priority: number;
  /** How many came before. */
  readonly rank: number;
}

/** A heap for each worker and one for all: the next call is the lesser of two tops. */
class Ordered {
  readonly #priorityOf: (task: QueuedCall) => number;
  readonly #bound = new Map<number, Heap>();
  readonly #shared = new Heap();
  #ranks = 0;

  constructor(priorityOf: (task: QueuedCall) => number) {
    this.#priorityOf = priorityOf;
  }

  add(task: QueuedCall, workerId: number | undefined): void {
    const waiting = { task, priority: this.#priorityOf(task), rank: this.#ranks };
    this.#ranks += 1;
    if (workerId === undefined) this.#shared.add(waiting);
    else {
      const heap = this.#bound.get(workerId) ?? new Heap();
      this.#bound.set(workerId, heap);
      heap.add(waiting);
    }
  }

  take(workerId: number): QueuedCall | null {
    const own = this.#bound.get(workerId);
    const [mine, any] = [own?.first, this.#shared.first];
    const heap =
      mine !== undefined && (any === undefined || mine.priority <= any.priority) ? own : this.#shared;
    return heap?.take()?.task ?? null;
  }
}

class Heap {
  readonly #items: Waiting[] = [];

  get first(): Waiting | undefined {
    return this.#items[0];
  }

  add(added: Waiting): void {
    const items = this.#items;
    let at = items.length;
    for (;;) {
      const above = (at - 1) >> 1;
      const parent = items[above];
      if (at === 0 || parent === undefined || isBefore(parent, added)) break;
      items[at] = parent;
      at = above;
    }
    items[at] = added;
  }

  take(): Waiting | undefined {
    const items = this.#items;
    const [first, last] = [items[0], items.pop()];
    if (last === undefined || items.length === 0) return first;
    let at = 0;
    for (;;) {
      const below = this.#lesserChild(at);
      const child = items[below];
      if (child === undefined || isBefore(last, child)) break;
      items[at] = child;
      at = below;
    }
    items[at] = last;
    return first;
  }

  #lesserChild(at: number): number {
    const left = at * 2 + 1;
    const [one, other] = [this.#items[left], this.#items[left + 1]];
    return one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
  }
}

function isBefore(one: Waiting, other: Waiting): boolean {
  return one.priority === other.priority ? one.rank < other.rank : one.priority < other.priority;
}
