/** What a pool promises of its workers, whatever is done to it: how much each runs, how silence is told. */
import type { WorkloadPool, WorkloadWorld } from './run.ts';

/** Timers may be early by a part of a millisecond. */
const timerSlackMs = 5;

interface Watcher {
  report(problem: string): void;
  /** The worker of these tasks does not answer. */
  silenced(taskIds: readonly string[]): void;
}

export function watchWorkers(pool: WorkloadPool, world: WorkloadWorld, { report, silenced }: Watcher): void {
  const { tasksPerWorker = Infinity, unresponsiveAfterMs = Infinity, killsSilent = false } = world;
  const begun = new Map<number, number>();
  const silent = new Set<number>();
  pool.on('taskStarted', ({ workerId, taskId }) => {
    const count = (begun.get(workerId) ?? 0) + 1;
    begun.set(workerId, count);
    // The silence goes on: what blocked it before may have ended without a turn of its main loop.
    if (silent.has(workerId)) silenced([taskId]);
    if (count > tasksPerWorker)
      report(`Worker ${workerId} began task ${taskId}, its ${count}th, and may run ${tasksPerWorker}.`);
  });
  pool.on('workerUnresponsive', ({ workerId, silentMs, tasks }) => {
    if (silentMs + timerSlackMs < unresponsiveAfterMs)
      report(`Worker ${workerId} counts as silent after ${silentMs} ms of ${unresponsiveAfterMs}.`);
    if (silent.has(workerId)) report(`Worker ${workerId} fell silent twice and never answered.`);
    silent.add(workerId);
    silenced(tasks);
  });
  pool.on('workerResponsive', ({ workerId }) => {
    if (!silent.delete(workerId)) report(`Worker ${workerId} answers again, and was never silent.`);
    if (killsSilent) report(`Worker ${workerId} was to be killed for its silence, and answers again.`);
  });
  pool.on('workerExited', ({ workerId, end }) => {
    const isForSilence = end === 'unresponsive';
    if (isForSilence && !killsSilent) report(`Worker ${workerId} was killed for a silence to be reported.`);
    if (isForSilence && !silent.has(workerId)) report(`Worker ${workerId} was killed, and was never silent.`);
    if (killsSilent && !isForSilence && silent.has(workerId))
      report(`Worker ${workerId} was to be killed for its silence, and its end is ${end}.`);
  });
}
