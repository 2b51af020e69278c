/** What really happens where a scope allows it: a search through nothing would prove nothing. */
import type { PoolContext } from '../../../machines/pool/machine.ts';
import type { WorkerContext } from '../../../machines/worker/machine.ts';
import { type Property, sometimes } from '../property.ts';
import { fateOf, outsideOf, processOf, workersIn } from './outside.ts';
import type { Faults, PoolScope } from './scope.ts';

export function happenings({
  tasks,
  workers,
  minWorkers,
  window,
  isLeased,
  concurrency,
  calls,
  faults,
  unresponsive,
}: PoolScope): Property[] {
  const list: (Property | false)[] = [
    sometimes('a task runs', (world) => workersIn(world, 'alive.available.serving.busy').length > 0),
    workers > 1 &&
      tasks > 1 &&
      (!isLeased || calls.grant > 0) &&
      sometimes(
        'two workers are busy',
        (world) => workersIn(world, 'alive.available.serving.busy').length > 1,
      ),
    tasks > 1 &&
      window > 0 &&
      sometimes('a task is handed over ahead of time', (world) =>
        world
          .ids('worker')
          .some((workerId) => world.contextOf<WorkerContext>('worker', workerId).handed.length > 1),
      ),
    concurrency > 1 &&
      sometimes('a child runs two tasks at a time', (world) =>
        world
          .ids('process')
          .some((workerId) => processOf(world, workerId).runs.filter((run) => run.isRunning).length > 1),
      ),
    calls.close + calls.closeNow + calls.terminate > 0 &&
      sometimes('the pool closes', (world) => outsideOf(world).announced === 'closed'),
    calls.expect > 0 &&
      minWorkers === 0 &&
      sometimes(
        'a worker starts before its task comes',
        (world) => world.contextOf<PoolContext>('pool').live > 0 && world.ids('fate').length === 0,
      ),
    ...nesting(calls),
    calls.cancel > 0 &&
      sometimes('a task is cancelled while it runs', (world) =>
        world.ids('task').some((taskId) => world.stateOf('task', taskId) === 'aborting'),
      ),
    ...silences(unresponsive, faults),
    faults.crash > 0 &&
      sometimes('a child is dead and its last words are unread', (world) =>
        world
          .ids('process')
          .some(
            (workerId) =>
              processOf(world, workerId).life === 'dead' && processOf(world, workerId).up.length > 0,
          ),
      ),
  ];
  return list.filter((property) => property !== false);
}

function silences(unresponsive: PoolScope['unresponsive'], { earlyTimer }: Faults): (Property | false)[] {
  return [
    unresponsive === 'report' &&
      sometimes('a worker is silent', (world) =>
        world.ids('worker').some((id) => world.contextOf<WorkerContext>('worker', id).isSilent),
      ),
    unresponsive === 'report' &&
      earlyTimer > 1 &&
      sometimes('a silent worker answers', (world) =>
        world
          .ids('process')
          .map((workerId) => processOf(world, workerId))
          .some(({ silenceTold, up }) => silenceTold && up[0]?.type === 'pong'),
      ),
    unresponsive === 'kill' &&
      sometimes('a silent worker is killed', (world) =>
        world.ids('worker').some((id) => world.contextOf<WorkerContext>('worker', id).end === 'unresponsive'),
      ),
  ];
}

function nesting(calls: PoolScope['calls']): (Property | false)[] {
  return [
    calls.nest > 0 &&
      sometimes('a task waits, and one that it submitted runs in the same child', (world) =>
        world.ids('process').some((workerId) => {
          const { runs } = processOf(world, workerId);
          return runs.some((run) => run.isWaiting && runs.some((other) => run.asks.includes(other.taskId)));
        }),
      ),
    calls.nest > 1 &&
      sometimes('a task that another one submitted waits for a third', (world) =>
        world
          .ids('process')
          .some((workerId) =>
            processOf(world, workerId).runs.some(
              ({ taskId, isWaiting }) =>
                isWaiting && world.has('fate', taskId) && fateOf(world, taskId).level > 0,
            ),
          ),
      ),
  ];
}
