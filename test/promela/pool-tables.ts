/** The tables of a pool's machines at one scope, and how far each machine is followed. */
import type { AnyStateMachine } from 'xstate';
import type { PoolContext } from '../../machines/pool/machine.ts';
import type { TaskContext } from '../../machines/task/machine.ts';
import type { WorkerContext } from '../../machines/worker/machine.ts';
import type { MemberState } from '../../src/verify/machine-kind.ts';
import { poolInput, taskInput, workerInput } from '../../src/verify/pool/inputs.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { alphabetOf, type KindName } from './alphabet.ts';
import { localTables, type LocalTables, type TableRequest } from './local-tables.ts';

export type PoolMachines = Readonly<Record<KindName, AnyStateMachine>>;

const ids = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

export function poolTables(machines: PoolMachines, scope: PoolScope, workers: number): LocalTables {
  const inputs: TableRequest['inputs'] = [
    { kind: 'pool', id: 0, input: poolInput(scope) },
    ...ids(workers).map(
      (id) =>
        ({
          kind: 'worker',
          id,
          input: workerInput(scope, id, scope.timers.includes('idle') ? 1 : null),
        }) as const,
    ),
    ...ids(scope.tasks).map((id) => ({ kind: 'task', id, input: taskInput(scope, id) }) as const),
    { kind: 'child', id: 0, input: undefined },
  ];
  return localTables({
    machines,
    alphabet: alphabetOf(scope, workers),
    inputs,
    isWithinBounds: (kind, state) => isWithinBounds(kind, state, scope, workers),
  });
}

/**
 * By themselves machines count without end. What is beyond these bounds is left out of the tables, and `spin`
 * stops if it is ever needed.
 */
function isWithinBounds(
  kind: KindName,
  { context, timers }: MemberState,
  scope: PoolScope,
  workers: number,
): boolean {
  if (kind === 'pool')
    return isPoolWithinBounds(context as unknown as PoolContext, timers.length, scope, workers);
  if (kind === 'task') {
    const { starts, retriesLeft } = context as unknown as TaskContext;
    return starts <= scope.retries + 1 && retriesLeft >= 0;
  }
  const { handed, running, waiting, started } = context as unknown as WorkerContext & {
    readonly waiting: readonly number[];
    readonly started: readonly number[];
  };
  const held = kind === 'worker' ? [...handed, ...running] : [...waiting, ...started];
  return new Set(held).size === held.length && held.length <= scope.concurrency + scope.window;
}

function isPoolWithinBounds(
  { unsettled, live, starting, present, failures, failuresInRow }: PoolContext,
  timers: number,
  { tasks, workers: maxWorkers, restarts }: PoolScope,
  workers: number,
): boolean {
  const isOrdered = starting >= 0 && starting <= live && live <= present && live <= maxWorkers;
  const isCounted = unsettled >= 0 && unsettled <= tasks && present <= workers;
  const isFailed = failures >= 0 && failures <= restarts + 1 && failuresInRow <= restarts + 1;
  return isOrdered && isCounted && isFailed && timers <= restarts + 3;
}
