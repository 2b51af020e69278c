/** Watches that whoever waits for warm workers is called when they are there, and that they are started. */
import type { PoolContext } from '../../machines/pool/machine.ts';
import { PoolSystem } from '../../src/parent/pool-system.ts';
import type { System } from '../../src/runtime/system.ts';
import type { World } from './world.ts';

export class WarmWatch {
  readonly #world: World;
  /** How many workers each caller waits for. */
  readonly #waiting = new Map<symbol, number>();
  readonly #undo: () => void;

  constructor(world: World) {
    this.#world = world;
    const { warm } = PoolSystem.prototype;
    const waiting = this.#waiting;
    PoolSystem.prototype.warm = function warmWatched(count): Promise<void> {
      const caller = Symbol('warm');
      waiting.set(caller, count);
      return warm.call(this, count).finally(() => waiting.delete(caller));
    };
    this.#undo = () => {
      PoolSystem.prototype.warm = warm;
    };
  }

  stop(): void {
    this.#undo();
  }

  /** All that follows from an event is over: nobody waits for what is there, nor for what nobody starts. */
  check(system: System): void {
    const state = system.stateOf('pool', 0) ?? '';
    // One that is terminated says so when all its workers are gone.
    if (this.#waiting.size === 0 || state === 'terminating') return;
    const { live, present, starting, maxWorkers } = system.contextOf('pool', 0) as unknown as PoolContext;
    const wanted = Math.min(Math.max(...this.#waiting.values()), maxWorkers);
    const least = Math.min(...this.#waiting.values(), maxWorkers);
    if (!state.startsWith('open.running'))
      this.#world.problem(`Somebody waits for warm workers of a pool that is ${state}.`);
    else if (live - starting >= least)
      this.#world.problem(
        `There are ${live - starting} warm workers, and who waits for ${least} is not called.`,
      );
    else if (state === 'open.running.serving' && present <= live && live < wanted)
      this.#world.problem(`Somebody waits for ${wanted} workers, and there are only ${live}.`);
  }
}
