/** Callers who wait for something of a pool: room in its queue, workers that serve, or its end. */
import type { HostPorts } from './host-ports.ts';
import type { KeepAlive } from './keep-alive.ts';

interface Waiting {
  /** How many workers it waits for. */
  readonly count: number;
  resolve(): void;
  reject(error: Error): void;
}

/** What the callers of a pool wait for is asked of it when their turn comes. */
export interface CallersHost {
  hasRoomFor(bytes: number): boolean;
}

export class PoolCallers {
  readonly #host: CallersHost;
  readonly #ports: HostPorts;
  readonly #keepAlive: KeepAlive;
  #forRoom: { readonly bytes: number; resolve(): void }[] = [];
  #forEnd: (() => void)[] = [];
  #forWorkers: Waiting[] = [];

  constructor(host: CallersHost, ports: HostPorts, keepAlive: KeepAlive) {
    this.#host = host;
    this.#ports = ports;
    this.#keepAlive = keepAlive;
  }

  /** At once, if there is room and nobody who waits for it. */
  whenRoom(bytes: number): Promise<void> {
    if (this.#forRoom.length === 0 && this.#host.hasRoomFor(bytes)) return Promise.resolve();
    return new Promise((resolve) => {
      this.#forRoom.push({ bytes, resolve });
    });
  }

  /** It is owed: the program stays alive until then. */
  whenClosed(): Promise<void> {
    this.#keepAlive.add(1);
    return new Promise((resolve) => {
      this.#forEnd.push(resolve);
    });
  }

  /** It is owed: the program stays alive until then. */
  whenWarm(count: number): Promise<void> {
    this.#keepAlive.add(1);
    return new Promise((resolve, reject) => {
      this.#forWorkers.push({ count, resolve, reject });
    });
  }

  /**
   * One at a time: whoever waited submits in its turn, and the next hears of the room that is left. Nobody
   * overtakes one that waits for much.
   */
  wakeForRoom(): void {
    const [first] = this.#forRoom;
    if (first === undefined || !this.#host.hasRoomFor(first.bytes)) return;
    this.#forRoom.shift();
    first.resolve();
    if (this.#forRoom.length > 0) this.#ports.soon(() => this.wakeForRoom());
  }

  /** Those who wait for up to so many workers have them. */
  wakeForWorkers(upTo: number): void {
    const waiting = this.#forWorkers;
    this.#forWorkers = waiting.filter(({ count }) => count > upTo);
    this.#keepAlive.add(this.#forWorkers.length - waiting.length);
    for (const each of waiting) if (each.count <= upTo) each.resolve();
  }

  /** There will not be so many workers. Each gets an error of its own. */
  refuseWorkers(error: (count: number) => Error): void {
    const waiting = this.#forWorkers;
    this.#forWorkers = [];
    this.#keepAlive.add(-waiting.length);
    for (const each of waiting) each.reject(error(each.count));
  }

  wakeForEnd(): void {
    const resolvers = this.#forEnd;
    this.#forEnd = [];
    this.#keepAlive.add(-resolvers.length);
    for (const resolve of resolvers) resolve();
  }
}
