/** Every call of a workload and what became of it, checked as it settles and once more at the end. */
import type { Task } from 'troupe';
import type { Call, CallOptions } from './call.ts';
import type { WorkloadPool, WorkloadWorld } from './run.ts';
import { watchWorkers } from './worker-watch.ts';
import { type CallRecord, codeOf, problemOfError, problemOfValue, type Surroundings } from './verdict.ts';

/** How a call ended. */
export type Ending =
  | 'fulfilled'
  | 'threw'
  | 'lost'
  | 'cancelled'
  | 'timedOut'
  | 'closed'
  | 'broken'
  | 'full'
  | 'unsendable'
  | 'unexplained';

const endingOf: Readonly<Record<string, Ending>> = {
  ERR_TROUPE_WORKER_LOST: 'lost',
  ERR_TROUPE_TASK_CANCELLED: 'cancelled',
  ERR_TROUPE_TASK_TIMEOUT: 'timedOut',
  ERR_TROUPE_POOL_CLOSED: 'closed',
  ERR_TROUPE_POOL_BROKEN: 'broken',
  ERR_TROUPE_QUEUE_FULL: 'full',
  ERR_TROUPE_NOT_SERIALIZABLE: 'unsendable',
};

/** More sentences than anybody reads help nobody. */
const problemsMax = 50;

export class Ledger {
  readonly endings: Record<Ending, number> = {
    fulfilled: 0,
    threw: 0,
    lost: 0,
    cancelled: 0,
    timedOut: 0,
    closed: 0,
    broken: 0,
    full: 0,
    unsendable: 0,
    unexplained: 0,
  };
  readonly problems: string[] = [];
  submitted = 0;
  settled = 0;
  readonly #surroundings: Surroundings;
  readonly #now: () => number;
  readonly #open = new Set<CallRecord>();
  /** How often, and as what, the pool said that a task settled. */
  readonly #announced = new Map<string, string[]>();

  constructor(pool: WorkloadPool, surroundings: Surroundings, now: () => number) {
    this.#surroundings = surroundings;
    this.#now = now;
    pool.on('taskSettled', ({ taskId, outcome }) => {
      const outcomes = this.#announced.get(taskId) ?? [];
      this.#announced.set(taskId, outcomes);
      outcomes.push(outcome);
      if (outcomes.length > 1) this.report(`Task ${taskId} settled again: ${outcomes.join(', ')}.`);
    });
  }

  /** Holds the pool against what it promises of its workers. */
  watch(pool: WorkloadPool, world: WorkloadWorld): void {
    watchWorkers(pool, world, {
      report: (problem) => this.report(problem),
      silenced: (taskIds) => {
        const those = [...this.#open].filter(({ taskId }) => taskId !== null && taskIds.includes(taskId));
        for (const record of those) record.silentIn = record.attempt();
      },
    });
  }

  /** A call that is about to be made. */
  record(token: number, call: Call | null, options: CallOptions): CallRecord {
    return {
      call,
      token,
      options,
      isLate: this.#surroundings.isClosing,
      submittedAtMs: this.#now(),
      isCancelled: options.signal === 'aborted',
      settlements: 0,
      taskId: null,
      silentIn: 0,
      attempt: () => 1,
    };
  }

  /** Follows a task from its submission to its one settlement. The result resolves with how it ended. */
  follow(record: CallRecord, task: Task<unknown>): Promise<Ending> {
    record.taskId = task.id;
    record.attempt = () => task.attempt;
    this.submitted += 1;
    this.#open.add(record);
    return task.then(
      (value) => this.#settle(record, task, 'fulfilled', problemOfValue(record, value, this.#surroundings)),
      (error: unknown) => this.#settle(record, task, endingFor(error), this.problemOf(record, error)),
    );
  }

  /** What is wrong with an error, if anything is. */
  problemOf(record: CallRecord, error: unknown): string | null {
    return problemOfError(record, error, this.#surroundings, this.#now());
  }

  report(problem: string): void {
    if (this.problems.length < problemsMax) this.problems.push(problem);
  }

  reportCall({ token, call, taskId }: CallRecord, problem: string): void {
    this.report(`Call ${token} (${call?.fn ?? 'an iteration'}, task ${taskId ?? 'unknown'}) ${problem}.`);
  }

  unsettled(): string[] {
    return [...this.#open].map(
      ({ token, call, taskId, options }) =>
        `Call ${token} (${call?.fn ?? 'an iteration'}, task ${taskId ?? 'unknown'}, ` +
        `${JSON.stringify(options)}) has not settled.`,
    );
  }

  /** After everything has ended: the pool's own counts must agree, and nothing may be left. */
  audit(pool: WorkloadPool): void {
    for (const sentence of this.unsettled()) this.report(sentence);
    const stats = pool.stats();
    if (pool.state !== 'closed') this.report(`The pool is ${pool.state} after close().`);
    if (pool.workers.length > 0) this.report(`A closed pool has ${pool.workers.length} workers.`);
    if (stats.waiting !== 0 || stats.running !== 0)
      this.report(`A closed pool counts ${stats.waiting} waiting and ${stats.running} running tasks.`);
    const { submitted, fulfilled, rejected, cancelled, lost } = stats;
    if (submitted !== fulfilled + rejected + cancelled + lost)
      this.report(`The pool's counts do not add up: ${JSON.stringify(stats)}.`);
  }

  #settle(record: CallRecord, task: Task<unknown>, ending: Ending, problem: string | null): Ending {
    record.settlements += 1;
    if (record.settlements > 1) this.reportCall(record, `settled ${record.settlements} times`);
    else this.settled += 1;
    this.#open.delete(record);
    this.endings[ending] += 1;
    if (problem !== null) this.reportCall(record, problem);
    const state = ending === 'fulfilled' || ending === 'cancelled' ? ending : 'rejected';
    if (task.state !== state) this.reportCall(record, `ended as ${ending}, but its state is ${task.state}`);
    const announced = this.#announced.get(task.id)?.[0];
    if (announced !== undefined && !agrees(announced, ending))
      this.reportCall(record, `ended as ${ending}, but the pool announced ${announced}`);
    if (announced === undefined && ['fulfilled', 'threw', 'lost', 'timedOut'].includes(ending))
      this.reportCall(record, `ended as ${ending}, and the pool did not announce it`);
    return ending;
  }
}

function endingFor(error: unknown): Ending {
  const code = codeOf(error);
  return code === undefined ? 'threw' : (endingOf[code] ?? 'unexplained');
}

/** Whether what the pool announced is how the promise ended. */
function agrees(announced: string, ending: Ending): boolean {
  switch (announced) {
    case 'queueTimedOut':
    case 'deadlineMissed':
      return ending === 'timedOut';
    case 'rejected':
      return ending === 'threw' || ending === 'unsendable';
    default:
      return announced === ending;
  }
}
