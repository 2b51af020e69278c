/**
 * Waiting tasks by priority, first come first served within one. Every operation costs the same however many
 * wait.
 */
import type { TaskId } from './ids.ts';

export interface WaitingTask {
  readonly taskId: TaskId;
  readonly priority: number;
  readonly key: string | null;
  /** Tasks of one kind take about as long as each other: in a pool, those that call the same function. */
  readonly kind: number;
  /** About how many bytes go with it. */
  readonly bytes?: number;
}

/** One priority's tasks in order. A task taken back leaves a hole, so that taking back costs nothing. */
class Lane {
  readonly priority: number;
  #items: (WaitingTask | undefined)[] = [];
  #head = 0;
  #returned: WaitingTask[] = [];

  constructor(priority: number) {
    this.priority = priority;
  }

  append(task: WaitingTask): void {
    this.#items.push(task);
  }

  putBack(task: WaitingTask): void {
    this.#returned.push(task);
  }

  peek(isWaiting: (task: WaitingTask) => boolean): WaitingTask | undefined {
    for (;;) {
      const returned = this.#returned.at(-1);
      if (returned !== undefined) {
        if (isWaiting(returned)) return returned;
        this.#returned.pop();
        continue;
      }
      if (this.#head >= this.#items.length) return undefined;
      const task = this.#items[this.#head];
      if (task !== undefined && isWaiting(task)) return task;
      this.#dropHead();
    }
  }

  /** Removes what `peek` returned. */
  take(): void {
    if (this.#returned.length > 0) this.#returned.pop();
    else this.#dropHead();
  }

  #dropHead(): void {
    this.#items[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1_024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }
}

/** Tasks by priority. Membership is decided outside, so a task can leave without being searched for. */
export class PriorityQueue {
  /** Highest priority first. Most pools use one. */
  readonly #lanes: Lane[] = [];

  add(task: WaitingTask, front: boolean): void {
    const lane = this.#laneFor(task.priority);
    if (front) lane.putBack(task);
    else lane.append(task);
  }

  peek(isWaiting: (task: WaitingTask) => boolean): Head | undefined {
    for (const lane of this.#lanes) {
      const task = lane.peek(isWaiting);
      if (task !== undefined) return { task, lane };
    }
    return undefined;
  }

  #laneFor(priority: number): Lane {
    const at = this.#lanes.findIndex((lane) => lane.priority <= priority);
    const found = this.#lanes[at];
    if (found?.priority === priority) return found;
    const lane = new Lane(priority);
    this.#lanes.splice(at === -1 ? this.#lanes.length : at, 0, lane);
    return lane;
  }
}

/** The next task, and where to take it from. */
export interface Head {
  readonly task: WaitingTask;
  readonly lane: Lane;
}
