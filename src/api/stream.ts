/**
 * A generator that runs in a worker, read here. The worker is never more than a few values ahead of the
 * reader.
 */
import { STREAM_CREDIT } from '../../machines/protocol.ts';
import { AsyncBuffer } from './async-buffer.ts';
import { follow, type Task } from './task.ts';
import type { Engine, TaskEntry, YieldSink } from '../engine/engine.ts';

/** Credit goes back in lots, so that not every value costs a frame. */
const lot = STREAM_CREDIT / 2;

/**
 * Starts the task with a sink for its values, and returns them. Breaking out of the loop ends the generator.
 */
export function streamOf<Yield>(
  engine: Engine,
  start: (sink: YieldSink) => { task: Task<unknown>; entry: () => TaskEntry | null },
): AsyncIterableIterator<Yield> {
  let taken = 0;
  const buffer = new AsyncBuffer<Yield>({
    onTaken(count) {
      taken += count;
      const entry = started.entry();
      if (taken < lot || entry === null) return;
      engine.grantCredit(entry, taken);
      taken = 0;
    },
    onWait: (step) => engine.noteWait(step),
    onAbandoned: () => started.task.cancel('its reader stopped'),
  });
  const started = start({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the function's type says what comes
    push: (value) => buffer.push(value as Yield),
    fail(error) {
      buffer.fail(error);
      started.task.cancel('a value of it could not be made again');
    },
  });
  follow(
    started.task,
    () => buffer.end(),
    (error) => buffer.fail(error),
  );
  return buffer;
}
