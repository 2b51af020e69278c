/** Who took whose place: a worker that starts after others were lost stands in for the first of them. */

/** A worker's place in the pool. */
export interface Place {
  /** The worker that was lost before it in its place, if one was. */
  readonly replaces: number | undefined;
  /** How many workers were lost in its place before it. */
  readonly restarts: number;
}

interface Lost {
  readonly workerId: number;
  readonly restarts: number;
}

/** Places that nobody has taken for long are forgotten. */
const vacantMax = 1_024;

export class Places {
  readonly #vacant: Lost[] = [];

  /** A worker died, was killed or could not start. One that leaves in peace gives up its place. */
  vacate(workerId: number, { restarts }: Place): void {
    this.#vacant.push({ workerId, restarts });
    if (this.#vacant.length > vacantMax) this.#vacant.shift();
  }

  /** The place of a new worker. */
  take(): Place {
    const lost = this.#vacant.shift();
    return lost === undefined
      ? { replaces: undefined, restarts: 0 }
      : { replaces: lost.workerId, restarts: lost.restarts + 1 };
  }
}
