/** What must hold of a pool, as sentences. What no single step may do is judged where it is done. */
import { allowedWorkers, hasRoomFor, servingWorkers, warmableWorkers } from '../../../machines/pool/size.ts';
import type { TaskContext } from '../../../machines/task/machine.ts';
import type { WorkerContext } from '../../../machines/worker/machine.ts';
import { always, eventually, type Property } from '../property.ts';
import type { World } from '../world.ts';
import { counts } from './counts.ts';
import { isSated } from './dispatching.ts';
import { happenings } from './happenings.ts';
import { leaseProperties } from './leasing.ts';
import {
  deskOf,
  fateOf,
  isForged,
  isHeldUp,
  openTasks,
  outsideOf,
  poolOf,
  processOf,
  workersIn,
} from './outside.ts';
import type { Server } from './records.ts';
import type { PoolScope } from './scope.ts';

const isTerminating = (world: World): boolean => world.stateOf('pool') === 'terminating';

export function poolProperties(scope: PoolScope): Property[] {
  return [
    ...counts(scope),
    ...slots(scope),
    ...waiting(scope),
    ...promptness(scope),
    ...words(),
    ...endings(),
    ...liveness(scope),
    ...leaseProperties(scope, isHiring),
    ...happenings(scope),
  ];
}

function slots({ concurrency, window, calls }: PoolScope): Property[] {
  return [
    // Who has waited goes on at once, and may then be one too many.
    ...(calls.nest > 0 ? [] : [holdsNoMore(concurrency, window)]),
    always('the pool knows what the arguments of its tasks weigh', (world) => {
      const { heldBytes, unsettled, maxQueueBytes } = poolOf(world);
      const isWithin = maxQueueBytes === null || heldBytes <= Math.max(1, maxQueueBytes);
      return heldBytes === (maxQueueBytes === null ? 0 : unsettled) && isWithin;
    }),
    always('a task is with one worker at most', (world) => {
      const all = world.ids('worker').flatMap((workerId) => {
        const { handed, running } = world.contextOf<WorkerContext>('worker', workerId);
        return handed.concat(running);
      });
      return new Set(all).size === all.length;
    }),
    always('the dispatcher holds what the worker holds', (world) =>
      world.ids('server').every((workerId) => {
        const { handed, running, parked } = world.contextOf<WorkerContext>('worker', workerId);
        const server = world.get<Server>('server', workerId);
        return (
          server.held.length === handed.length + running.length - parked.length &&
          server.parked.length === parked.length
        );
      }),
    ),
    always('a task that waits, runs', (world) =>
      world.ids('worker').every((workerId) => {
        const { running, parked } = world.contextOf<WorkerContext>('worker', workerId);
        return parked.every((taskId) => running.includes(taskId));
      }),
    ),
    always('what a task submitted does not outlive it when it was cut off', (world) =>
      openTasks(world).every((taskId) => fateOf(world, taskId).mustEnd !== true),
    ),
  ];
}

function holdsNoMore(concurrency: number, window: number): Property {
  return always('a worker holds no more tasks than it may', (world) =>
    world.ids('worker').every((workerId) => {
      const { handed, running } = world.contextOf<WorkerContext>('worker', workerId);
      // What was handed over to one whose words are lost counts as running.
      const isAlive = world.stateOf('worker', workerId)?.startsWith('alive') === true;
      const runsTooMany = isAlive && running.length > concurrency;
      return !runsTooMany && handed.length + running.length <= concurrency + window;
    }),
  );
}

/** Of tasks that wait: never for nothing. */
function waiting(scope: PoolScope): Property[] {
  const { concurrency, maxQueue, workers, sizes, calls } = scope;
  return [
    always('no worker is free while a task waits', (world) => {
      const [first] = deskOf(world).queue;
      if (first === undefined) return true;
      const isNested = fateOf(world, first).level > 0;
      return world
        .ids('server')
        .every(
          (workerId) =>
            world.get<Server>('server', workerId).held.length >= concurrency ||
            (!isNested && isSated(world, scope, workerId)),
        );
    }),
    always('the queue holds no more than it may', (world) => {
      const { unsettled } = poolOf(world);
      const largest = Math.max(workers, ...sizes.map(([, max]) => max));
      return maxQueue === null || unsettled <= maxQueue + largest * concurrency + calls.nest;
    }),
    always('whoever waits for room is called when there is some', (world) => {
      const { isWaiting, announced } = outsideOf(world);
      return !isWaiting || (announced === 'running' && !hasRoomFor(poolOf(world), 1));
    }),
    always('whoever waits for warm workers hears when they are there', (world) => {
      const { warm, announced } = outsideOf(world);
      const context = poolOf(world);
      const isServed = servingWorkers(context) >= Math.min(warm, warmableWorkers(context));
      return warm === 0 || (announced === 'running' && !isServed) || isTerminating(world);
    }),
  ];
}

/** What waits is started as soon as it may be. */
function promptness({ concurrency }: PoolScope): Property[] {
  return [
    always('nobody is kept for a wait that is over', (world) => {
      const isOpen = world.stateOf('pool')?.startsWith('open') === true;
      return !isOpen || poolOf(world).wanted === outsideOf(world).warm;
    }),
    always('nothing waits in a pool that closes without draining', (world) => {
      if (outsideOf(world).closing !== 'now') return true;
      return world.ids('task').every((taskId) => {
        // What runs may fail, and be tried again.
        const isAgain =
          fateOf(world, taskId).attempt > 0 && world.contextOf<TaskContext>('task', taskId).starts > 0;
        const isNested = fateOf(world, taskId).level > 0;
        return isAgain || isNested || world.stateOf('task', taskId)?.startsWith('unsettled.waiting') !== true;
      });
    }),
    always('no task waits while another worker could start', (world) => {
      const { live, starting, worn } = poolOf(world);
      const allowed = allowedWorkers(poolOf(world));
      const replacements = Math.min(worn.length, starting);
      const most = (starting - replacements) * concurrency;
      return !isHiring(world) || live - replacements >= allowed || deskOf(world).queue.length <= most;
    }),
    always('a worn worker has a replacement that starts', (world) => {
      const { starting, worn } = poolOf(world);
      const isRunning = world.stateOf('pool')?.startsWith('open.running') === true;
      return !isRunning || !isHiring(world) || starting >= worn.length;
    }),
    always('a queued task waits in the queue, and only a queued one', (world) => {
      const { queue } = deskOf(world);
      const queued = world
        .ids('task')
        .filter((taskId) => world.stateOf('task', taskId) === 'unsettled.waiting.queued');
      return queue.length === queued.length && queued.every((taskId) => queue.includes(taskId));
    }),
  ];
}

/** Whether workers are started for what waits. */
function isHiring(world: World): boolean {
  const state = world.stateOf('pool') ?? '';
  // A worker that leaves without ever having served may mean a pause: that is decided when it is gone.
  const isInDoubt = workersIn(world, 'leaving').some(
    (workerId) => !world.contextOf<WorkerContext>('worker', workerId).served,
  );
  return state.startsWith('open') && state.endsWith('serving') && !isInDoubt;
}

/** What was said reached whom it should, and was heard. */
function words(): Property[] {
  return [
    always('observers know of every start and every retry', (world) =>
      world.ids('task').every((taskId) => {
        const { startTold, attempt, retriesTold } = fateOf(world, taskId);
        const { retries, retriesLeft } = world.contextOf<TaskContext>('task', taskId);
        const state = world.stateOf('task', taskId) ?? '';
        if (!state.startsWith('unsettled')) return true;
        const isTold = state !== 'unsettled.running' || startTold === attempt;
        return isTold && retriesTold === retries - retriesLeft;
      }),
    ),
    always('a worker hears that its task is no longer wanted', (world) =>
      world.ids('task').every((taskId) => {
        const state = world.stateOf('task', taskId) ?? '';
        const { workerId } = world.contextOf<TaskContext>('task', taskId);
        const isOrphan = workerId === 0 || world.stateOf('worker', workerId)?.startsWith('alive') !== true;
        return isOrphan || !/withdrawing|aborting/u.test(state) || fateOf(world, taskId).cancelTold;
      }),
    ),
    always('a child does at once what it is asked about a task', (world) =>
      world
        .ids('process')
        .every((workerId) =>
          processOf(world, workerId).runs.every(
            ({ taskId, asked, isAborted }) =>
              asked === 'nothing' || (asked === 'abort' && isAborted) || isForged(world, taskId),
          ),
        ),
    ),
    always('a task that was handed over has a worker that has it', (world) =>
      world.ids('task').every((taskId) => hasItsWorker(world, taskId)),
    ),
  ];
}

function hasItsWorker(world: World, taskId: number): boolean {
  const state = world.stateOf('task', taskId) ?? '';
  const { workerId } = world.contextOf<TaskContext>('task', taskId);
  const isHanded = /handed|running|withdrawing|aborting/u.test(state);
  if (!isHanded) return workerId === 0 || state === 'settled';
  if (workerId === 0 || !world.has('worker', workerId)) return false;
  const { handed, running } = world.contextOf<WorkerContext>('worker', workerId);
  const isAnnounced = /running|aborting/u.test(state);
  return isAnnounced ? running.includes(taskId) : handed.includes(taskId);
}

function endings(): Property[] {
  return [
    always('at "closed" there is no worker, no child, no timer and no unsettled task', (world) => {
      if (outsideOf(world).announced !== 'closed') return true;
      return (
        world.ids('worker').length === 0 &&
        world.ids('process').length === 0 &&
        world.ids('task').length === 0 &&
        openTasks(world).length === 0 &&
        world.member('pool').timers.length === 0
      );
    }),
    always('what the pool announced is the state it is in', (world) => {
      const state = world.stateOf('pool') ?? '';
      const { announced } = outsideOf(world);
      if (announced === 'running') return state.startsWith('open.running') || state === 'terminating';
      if (announced === 'closed') return state === 'closed';
      if (announced === 'broken') return state === 'broken' || state === 'terminating';
      return !state.startsWith('open.running');
    }),
    always('a child that broke the protocol is not trusted any more', (world) =>
      world
        .ids('process')
        .every(
          (workerId) =>
            !processOf(world, workerId).isReported ||
            world.stateOf('worker', workerId)?.startsWith('alive') !== true,
        ),
    ),
    always('a worker is silent from the time that is told to the time it answers', (world) =>
      workersIn(world, 'alive').every(
        (workerId) =>
          world.contextOf<WorkerContext>('worker', workerId).isSilent ===
          (world.has('process', workerId) && processOf(world, workerId).silenceTold),
      ),
    ),
    always('a child has a worker', (world) =>
      world.ids('process').every((workerId) => world.has('worker', workerId)),
    ),
    always('a worker that serves has a child that is initialized', (world) =>
      world.ids('server').every((workerId) => {
        const { life, babbled } = processOf(world, workerId);
        const state = world.stateOf('child', workerId);
        return (
          babbled ||
          life !== 'up' ||
          (state !== 'booting' && state !== 'greeting' && state !== 'initializing')
        );
      }),
    ),
  ];
}

function liveness(scope: PoolScope): Property[] {
  return [
    eventually('every task settles', (world) => openTasks(world).length === 0 || isHeldUp(world, scope)),
    eventually('a pool that was asked to close is closed', (world) => {
      const { closing, announced } = outsideOf(world);
      return closing === 'no' || announced === 'closed' || isHeldUp(world, scope);
    }),
    eventually('a worn worker leaves', (world) => poolOf(world).worn.length === 0 || isHeldUp(world, scope)),
    eventually(
      'whoever waits for warm workers is answered',
      (world) => outsideOf(world).warm === 0 || isHeldUp(world, scope),
    ),
  ];
}
