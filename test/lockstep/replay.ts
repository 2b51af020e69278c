/**
 * Replays what was recorded of real pools against the model: its machines do the same again, and all that its
 * children were seen to do is possible for the model's environment.
 */
import { readFileSync } from 'node:fs';
import type { TraceRecord } from '../chaos/trace.ts';
import { ChildWorld } from './possible-child.ts';
import { MachinesReplay } from './replay-machines.ts';
import { PoolReplay } from './replay-pool.ts';
import { WorkerReplay, type WorkerStep } from './replay-worker.ts';

export interface ReplayReport {
  readonly pools: number;
  readonly steps: number;
  readonly workers: number;
  /** What was seen of child processes, and explained. */
  readonly facts: number;
  /** The largest number of states a child could be in, going by what was seen of it. */
  readonly possibleMax: number;
  /** What the model says cannot be, each with how it came about. */
  readonly problems: readonly string[];
}

export const readTrace = (file: string | URL): TraceRecord[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TraceRecord);

export function replayTrace(records: readonly TraceRecord[]): ReplayReport {
  const pools = new Map<number, PoolTrace>();
  for (const record of records) {
    const [number] = record;
    const pool = pools.get(number) ?? new PoolTrace(number);
    pools.set(number, pool);
    pool.take(record);
  }
  const all = [...pools.values()];
  const workers = all.flatMap((pool) => [...pool.workers.values()]);
  return {
    pools: all.length,
    steps: all.reduce((sum, { steps }) => sum + steps, 0),
    workers: workers.length,
    facts: workers.reduce((sum, { facts }) => sum + facts, 0),
    possibleMax: Math.max(0, ...workers.map(({ possibleMax }) => possibleMax)),
    problems: all.flatMap((pool) => pool.end()),
  };
}

class PoolTrace {
  steps = 0;
  readonly workers = new Map<number, WorkerReplay>();
  readonly #number: number;
  readonly #problems: string[] = [];
  readonly #machines = new MachinesReplay();
  readonly #pool = new PoolReplay(this.#machines);
  #children: ChildWorld | null = null;

  constructor(number: number) {
    this.#number = number;
  }

  take(record: TraceRecord): void {
    if (record[1] === 'chaos') this.workers.get(record[2])?.lines.push(`the saboteur sends it ${record[3]}`);
    if (record[1] !== 'step') return;
    this.steps += 1;
    const [, , kind, id, event, asked] = record;
    const commands = asked as WorkerStep['commands'];
    const impossible = this.#machines.step(kind, id, event, commands);
    if (impossible !== null) this.#report(impossible);
    if (kind === 'worker') this.#workerOf(id).take({ event, commands });
    for (const problem of this.#pool.step(kind, id, event, commands)) this.#report(problem);
    if (kind === 'task') this.#noteTask(id, commands);
  }

  end(): string[] {
    const impossible = [...this.workers]
      .filter(([, { problem }]) => problem !== null)
      .map(([id, { problem, lines }]) => this.#tell(`worker ${id}: ${problem}`, lines));
    return [...this.#problems, ...impossible, ...this.#pool.end().map((problem) => this.#tell(problem))];
  }

  /** Whoever has to do with the task knows what became of it. */
  #noteTask(taskId: number, commands: WorkerStep['commands']): void {
    for (const { type } of commands) {
      if (type !== 'settle' && type !== 'forgetTask') continue;
      for (const worker of this.workers.values())
        worker.noteTask(taskId, type === 'settle' ? 'settled' : 'over');
    }
  }

  #workerOf(id: number): WorkerReplay {
    const { concurrency } = this.#machines.contextOf('worker', id);
    this.#children ??= new ChildWorld(Number(concurrency));
    const worker = this.workers.get(id) ?? new WorkerReplay(this.#children);
    this.workers.set(id, worker);
    return worker;
  }

  #report(problem: string): void {
    this.#problems.push(this.#tell(problem));
  }

  #tell(problem: string, lines: readonly string[] = []): string {
    return [`Pool ${this.#number}, ${problem}.`, ...lines.map((line) => `    ${line}`)].join('\n');
  }
}
