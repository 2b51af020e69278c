/** Virtual time: timers fire in the order of their times, those due at about the same time in any order. */
import type { Clock } from '../../src/runtime/timers.ts';
import type { Faults } from './faults.ts';
import type { World } from './world.ts';

/** A clock that also knows what is still armed, and for how long it was set. */
export interface SimulatedClock extends Clock {
  readonly armed: ReadonlyMap<string, number>;
}

export function createClock(world: World, faults: Faults): SimulatedClock {
  const armed = new Map<string, number>();
  let last = 0;
  return {
    armed,
    now: () => world.nowMs,
    after(delayMs, callback) {
      last += 1;
      const name = `timer ${last} of ${delayMs} ms`;
      armed.set(name, delayMs);
      // A busy process comes to its timers late, never early.
      const latenessMs = faults.happens('late timer') ? world.random.int(60) : 0;
      const event = world.schedule(delayMs + latenessMs, name, null, () => {
        armed.delete(name);
        callback();
      });
      return {
        cancel() {
          armed.delete(name);
          event.cancel();
        },
      };
    },
  };
}
