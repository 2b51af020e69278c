/** Writes tables as C arrays, and what there is to know of a scope as macros. Both are data, and no code. */
import type { PoolContext } from '../../machines/pool/machine.ts';
import type { WorkerContext } from '../../machines/worker/machine.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { alphabetOf, kindNames } from './alphabet.ts';
import { commandMacros, type Program } from './command-numbers.ts';
import { kindNumber, type LocalState, type LocalTables, type Step } from './local-tables.ts';

interface Arrays {
  readonly [name: string]: readonly number[];
}

/** For each local state the beginning of its row in `step_next`, and what is known of it. */
export function cTables({ states, starts }: LocalTables): string {
  const programs = new ProgramList();
  const next: number[] = [];
  const todo: number[] = [];
  const add = (step: Step): void => {
    next.push(step.next);
    todo.push(programs.placeOf(step.program));
  };
  const row: number[] = [];
  const firedRow: number[] = [];
  for (const state of states) {
    row.push(next.length);
    state?.steps.forEach(add);
    firedRow.push(next.length);
    state?.fired.forEach(add);
  }
  const start = [...starts.values()];
  const arrays: Arrays = {
    step_row: row,
    fired_row: firedRow,
    step_next: next,
    step_program: todo,
    start_state: start.map((step) => step.next),
    start_program: start.map((step) => programs.placeOf(step.program)),
    program: programs.items,
    timer_count: states.map((state) => state?.timers.length ?? 0),
    ...factsOf(states),
  };
  return Object.entries(arrays)
    .map(([name, items]) => `static const int ${name}[] = {\n${wrapped(items)}\n};\n`)
    .join('\n');
}

/** Equal programs are kept once. Each ends with a command 0. */
class ProgramList {
  readonly items: number[] = [];
  readonly #places = new Map<string, number>();

  placeOf(program: Program): number {
    const key = JSON.stringify(program);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.items.length;
    this.items.push(...program.flat(), 0, 0, 0);
    this.#places.set(key, place);
    return place;
  }
}

const listMax = 4;

/** What others may know of a machine: what the wiring of a pool reads of contexts and states. */
function factsOf(states: readonly (LocalState | null)[]): Arrays {
  const of = (kind: LocalState['kind'], ask: (state: LocalState) => number | boolean): number[] =>
    states.map((state) => (state?.kind === kind ? Number(ask(state)) : 0));
  const poolFact = (name: 'live' | 'starting' | 'minWorkers' | 'maxWorkers'): number[] =>
    of('pool', ({ context }) => (context as unknown as PoolContext)[name]);
  const handed = states.flatMap((state) => {
    const list = state?.kind === 'worker' ? (state.context as unknown as WorkerContext).handed : [];
    return Array.from({ length: listMax }, (_, at) => list[at] ?? 0);
  });
  return {
    without_timers: states.map((state) => state?.bare ?? 0),
    pool_live: poolFact('live'),
    pool_starting: poolFact('starting'),
    pool_min: poolFact('minWorkers'),
    pool_max: poolFact('maxWorkers'),
    pool_is_open: of('pool', ({ state }) => state.startsWith('open')),
    worker_handed: handed,
    task_is_assigned: of('task', ({ state }) => state.endsWith('handed.assigned')),
    child_is_booting: of('child', ({ state }) => state === 'booting'),
    forgets_failure: of('pool', ({ timers }) =>
      timers.reduce((bits, { event }, at) => bits | (event.type === 'failure.forgotten' ? 1 << at : 0), 0),
    ),
  };
}

function wrapped(items: readonly number[]): string {
  const lines: string[] = [];
  for (let at = 0; at < items.length; at += 20) lines.push(items.slice(at, at + 20).join(','));
  return lines.join(',\n');
}

/** Everything the model is told of a scope by name. */
export function scopeMacros(tables: LocalTables, scope: PoolScope, workers: number): string {
  const startsBefore = (kind: string): number =>
    [...tables.starts.keys()].findIndex((key) => key.startsWith(kind));
  const each = (count: number): string =>
    Array.from({ length: count }, (_, at) => ` what(${at + 1})`).join('');
  const { calls, faults } = scope;
  const budgets = { ...calls, submit: scope.tasks, ...faults };
  const constants = {
    WORKERS: workers,
    TASKS: scope.tasks,
    CONCURRENCY: scope.concurrency,
    CAPACITY: scope.concurrency + scope.window,
    RESTARTS: scope.restarts,
    IDLE_TIMER: scope.timers.includes('idle') ? 1 : 0,
    CALLS_AFTER_CLOSE: scope.callsAfterClose ? 1 : 0,
    LIST_MAX: listMax,
    FIRST_WORKER: startsBefore('worker') - 1,
    FIRST_TASK: startsBefore('task') - 1,
    START_CHILD: startsBefore('child'),
    ...Object.fromEntries(kindNames.map((kind) => [kind.toUpperCase(), kindNumber(kind)])),
    ...Object.fromEntries(Object.entries(budgets).map(([name, count]) => [`BUDGET_${name}`, count])),
  };
  return [
    ...Object.entries(constants).map(([name, value]) => `#define ${name} ${value}`),
    `#define EACH_WORKER(what)${each(workers)}`,
    `#define EACH_TASK(what)${each(scope.tasks)}`,
    `#define EACH_TASK_OF(worker, what)${eachOf(scope.tasks)}`,
    `#define SOME_WORKER(what) (${disjunction(workers)})`,
    // A macro cannot stand inside itself.
    `#define SOME_OTHER_WORKER(what) (${disjunction(workers)})`,
    `#define SOME_TASK(what) (${disjunction(scope.tasks)})`,
    `#define IS_ASSIGNMENT(event) (${tables.assignments.map((at) => `(event) == ${at}`).join(' || ')})`,
    ...alphabetOf(scope, workers).macros,
    ...commandMacros,
    '',
  ].join('\n');
}

const eachOf = (count: number): string =>
  Array.from({ length: count }, (_, at) => ` what(worker, ${at + 1})`).join('');

const disjunction = (count: number): string =>
  Array.from({ length: count }, (_, at) => `what(${at + 1})`).join(' || ');
