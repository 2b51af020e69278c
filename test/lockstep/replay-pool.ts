/** What a recorded pool as a whole must keep to. */
import type { MachinesReplay } from './replay-machines.ts';

interface Asked {
  readonly type: string;
  readonly params?: unknown;
}

interface GoneEvent {
  readonly type: string;
  readonly end?: string;
  readonly served?: boolean;
  readonly input?: { readonly maxWorkers: number; readonly restartsMax: number };
  readonly maxWorkers?: number;
}

/** What may be announced after what. */
const successors: Readonly<Record<string, readonly string[]>> = {
  running: ['draining', 'closed', 'broken'],
  draining: ['closed', 'broken'],
  broken: ['closed'],
  closed: [],
};

export class PoolReplay {
  readonly #machines: MachinesReplay;
  #announced = 'running';
  #maxWorkers = 0;
  #restartsMax = 0;
  #failures = 0;
  #asked = 0;
  #created = 0;
  readonly #settled = new Set<number>();
  readonly #tasks = new Set<number>();
  readonly #workers = new Set<number>();

  constructor(machines: MachinesReplay) {
    this.#machines = machines;
  }

  /** What is wrong with a step. It has been made already. */
  step(kind: string, id: number, event: GoneEvent, commands: readonly Asked[]): string[] {
    if (event.type === 'xstate.init') this.#begin(kind, id, event);
    if (kind === 'pool') this.#hear(event);
    return commands.flatMap((command) => this.#perform(id, command));
  }

  /** What is wrong in the end. A pool that was not closed may have anything left. */
  end(): string[] {
    const problems: string[] = [];
    if (this.#announced !== 'closed') return problems;
    if (this.#asked !== this.#created)
      problems.push(`${this.#asked} workers were asked for, and ${this.#created} were made`);
    if (this.#tasks.size > 0)
      problems.push(`it is closed, and tasks ${[...this.#tasks].join(', ')} are left`);
    return problems;
  }

  #begin(kind: string, id: number, { input }: GoneEvent): void {
    if (kind === 'task') this.#tasks.add(id);
    else if (kind === 'worker') {
      this.#workers.add(id);
      this.#created += 1;
    } else {
      this.#maxWorkers = input?.maxWorkers ?? 0;
      this.#restartsMax = input?.restartsMax ?? 0;
    }
  }

  #hear({ type, end, served, maxWorkers }: GoneEvent): void {
    if (type === 'resize.asked') this.#maxWorkers = Math.max(this.#maxWorkers, maxWorkers ?? 0);
    if (type === 'worker.gone' && served === false && end !== 'stopped' && end !== 'killed')
      this.#failures += 1;
  }

  #perform(id: number, { type, params }: Asked): string[] {
    switch (type) {
      case 'spawnWorkers':
        this.#asked += (params as { count: number }).count;
        return [];
      case 'spawnChild': {
        const living = this.#machines.count('worker', 'alive.available');
        // One more for each that is worn: its replacement.
        const worn = this.#machines.contextOf('pool', 0)['worn'];
        const most = this.#maxWorkers + (Array.isArray(worn) ? worn.length : 0);
        return living > most ? [`${living} workers live, and ${most} may`] : [];
      }
      case 'announceState':
        return this.#announce((params as { state: string }).state);
      case 'settle': {
        const isAgain = this.#settled.has(id);
        this.#settled.add(id);
        return isAgain ? [`task ${id} settles twice`] : [];
      }
      case 'forgetTask':
        this.#machines.remove('task', id);
        this.#tasks.delete(id);
        return this.#settled.has(id) ? [] : [`task ${id} is forgotten and has not settled`];
      case 'forgetWorker':
        this.#machines.remove('worker', id);
        return this.#workers.delete(id) ? [] : [`worker ${id} is forgotten twice`];
      default:
        return [];
    }
  }

  #announce(state: string): string[] {
    const before = this.#announced;
    this.#announced = state;
    const problems: string[] = [];
    if (successors[before]?.includes(state) !== true) problems.push(`it is ${state} after it was ${before}`);
    if (state === 'broken' && this.#failures <= this.#restartsMax)
      problems.push(`it breaks after ${this.#failures} failed starts, and ${this.#restartsMax} are allowed`);
    if (state === 'closed' && this.#workers.size > 0)
      problems.push(`it is closed, and workers ${[...this.#workers].join(', ')} are there`);
    return problems;
  }
}
