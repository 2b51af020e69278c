/**
 * Waiting tasks by priority, first come first served within one. Every operation costs the same however many
 * wait.
 */
import type { TaskId } from './ids.ts';

export interface WaitingTask {
  readonly taskId: TaskId;
  readonly priority: number;
  /** How many tasks wait above it: a task that a running one submitted has one more. None: 0. */
  readonly level?: number;
  readonly key: string | null;
  /** Tasks of one kind take about as long as each other: in a pool, those that call the same function. */
  readonly kind: number;
  /** About how many bytes go with it. */
  readonly bytes?: number;
}

/** The deeper first, and then by priority: what others wait for goes before all that nobody waits for. */
export function goesBefore(one: WaitingTask, other: WaitingTask): boolean {
  const [level, otherLevel] = [one.level ?? 0, other.level ?? 0];
  return level === otherLevel ? one.priority >= other.priority : level > otherLevel;
}

/**
 * One level's and priority's tasks in order. A task taken back leaves a hole, so that taking back costs
 * nothing.
 */
class Lane {
  readonly level: number;
  readonly priority: number;
  #items: (WaitingTask | undefined)[] = [];
  #head = 0;
  #returned: WaitingTask[] = [];

  constructor({ level = 0, priority }: WaitingTask) {
    this.level = level;
    this.priority = priority;
  }

  isFor({ level = 0, priority }: WaitingTask): boolean {
    return this.level === level && this.priority === priority;
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
  /** What goes first is first. Most pools use one. */
  #lanes: Lane[] = [];

  add(task: WaitingTask, front: boolean): void {
    const lane = this.#laneFor(task);
    if (front) lane.putBack(task);
    else lane.append(task);
  }

  peek(isWaiting: (task: WaitingTask) => boolean): Head | undefined {
    for (const lane of this.#lanes) {
      const task = lane.peek(isWaiting);
      if (task !== undefined) return { task, lane };
      // A deep recursion leaves a lane at each level, and is gone for good.
      if (lane.level > 0) this.#lanes = this.#lanes.filter((other) => other !== lane);
    }
    return undefined;
  }

  #laneFor(task: WaitingTask): Lane {
    const { level = 0, priority } = task;
    const at = this.#lanes.findIndex(
      (lane) => lane.level < level || (lane.level === level && lane.priority <= priority),
    );
    const found = this.#lanes[at];
    if (found?.isFor(task) === true) return found;
    const lane = new Lane(task);
    this.#lanes.splice(at === -1 ? this.#lanes.length : at, 0, lane);
    return lane;
  }
}

/** The next task, and where to take it from. */
export interface Head {
  readonly task: WaitingTask;
  readonly lane: Lane;
}
