/** Asks workers whether their main loop turns, and says who does not answer, and who does again. */
import { InvariantError } from '../errors.ts';
import { PauseWatch } from './pause-watch.ts';
import type { PoolParts } from './pool-parts.ts';
import { publicTasksIn } from './pool-report.ts';
import type { WorkerLink } from './worker-link.ts';

export class Hearing {
  readonly #parts: PoolParts;
  readonly #pauseWatch: PauseWatch;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    const { clock, links, settings } = parts;
    this.#pauseWatch = new PauseWatch(clock, links, settings.unresponsiveAfterMs, (workerIds) =>
      this.#excuse(workerIds),
    );
  }

  perform(link: WorkerLink, command: 'writePing' | 'reportUnresponsive' | 'reportResponsive'): void {
    switch (command) {
      case 'writePing':
        link.writePing();
        this.#pauseWatch.start();
        break;
      case 'reportUnresponsive':
        this.#reportUnresponsive(link);
        break;
      case 'reportResponsive':
        this.#reportResponsive(link);
        break;
      default:
        throw new InvariantError(`"${String(command)}" is no command about silence.`);
    }
  }

  /** This process did nothing for a while: nobody's silence in that time counts. */
  #excuse(workerIds: readonly number[]): void {
    const { system } = this.#parts;
    for (const workerId of workerIds) system.tell('worker', workerId, { type: 'parent.paused' });
    system.run();
  }

  #reportUnresponsive({ workerId, pid, pulse }: WorkerLink): void {
    const { observers, ports, clock, settings } = this.#parts;
    const silence = {
      silentMs: pulse.silentMs(clock.now()),
      isStopped: pid !== undefined && ports.processState(pid) === 'stopped',
      tasks: publicTasksIn(this.#parts, workerId),
    };
    pulse.silence = { ...silence, limitMs: settings.unresponsiveAfterMs };
    observers.emit('workerUnresponsive', () => ({ workerId, pid, ...silence }));
  }

  #reportResponsive({ workerId, pid, pulse }: WorkerLink): void {
    const silentMs = pulse.lastSilentMs;
    this.#parts.observers.emit('workerResponsive', () => ({ workerId, pid, silentMs }));
  }
}
