/**
 * The budget of this process for the workers of pools inside workers. In the main program it has what the
 * processors leave beside the workers that are busy there; in a worker it passes on what comes from above.
 */
import { Budget } from '../../machines/budget.ts';
import { PROTOCOL_VERSION } from '../../machines/protocol.ts';
import { findLeasePort, type LeaseAnswer, type LeasePort } from '../transport/lease-port.ts';

/** Who holds leases: a pool, or a worker on behalf of the pools in it. */
export interface LeaseHolder {
  grant(count: number): void;
  /** Others want so many. */
  noteShortage(count: number): void;
}

/** A pool that needs no leases, and leaves fewer to those who do. */
export interface Employer {
  readonly busyWorkers: number;
}

export class LeaseOffice {
  readonly #above: LeasePort | null;
  readonly #countCpus: () => number;
  readonly #budget = new Budget<LeaseHolder>(0);
  readonly #employers = new Set<Employer>();
  #cpus = 0;
  /** What the process above was asked for, and has not granted. */
  #askedAbove = 0;
  /** How many leases were short when holders were last told. */
  #shortTold = 0;

  /** `above`: the way to the process above, or `null` in a main program. */
  constructor(above: LeasePort | null, countCpus: () => number) {
    this.#above = above;
    this.#countCpus = countCpus;
    if (above !== null) above.listener = (answer) => this.#receive(above, answer);
  }

  /** Whether pools of this process need leases. */
  get isInsideWorker(): boolean {
    return this.#above !== null;
  }

  heldBy(holder: LeaseHolder): number {
    return this.#budget.heldBy(holder);
  }

  ask(holder: LeaseHolder, count: number): void {
    // They can change while a program runs, and are too dear to be read in every turn.
    if (this.#above === null) this.#cpus = this.#countCpus();
    this.#budget.ask(holder, count);
    this.weigh();
  }

  giveBack(holder: LeaseHolder, count: number): void {
    this.#budget.giveBack(holder, count);
    this.weigh();
  }

  /** It is gone: it holds and wants nothing any more. */
  leave(holder: LeaseHolder): void {
    this.#budget.leave(holder);
    this.weigh();
  }

  employ(employer: Employer): void {
    this.#employers.add(employer);
  }

  dismiss(employer: Employer): void {
    this.#employers.delete(employer);
  }

  /** Grants what there is, and says what is short. */
  weigh(): void {
    if (this.#above !== null) this.#settleWith(this.#above);
    else if (this.#budget.isUsed) this.#weighOwn();
  }

  #weighOwn(): void {
    let busy = 0;
    for (const { busyWorkers } of this.#employers) busy += busyWorkers;
    this.#budget.capacity = Math.max(0, this.#cpus - busy);
    this.#tellShortage(this.#grant());
  }

  #settleWith(above: LeasePort): void {
    const hasGranted = this.#grant();
    const { wanted, free } = this.#budget;
    if (wanted > this.#askedAbove) {
      above.send(['lease', wanted - this.#askedAbove]);
      this.#askedAbove = wanted;
    }
    if (free > 0) {
      this.#budget.capacity -= free;
      above.send(['unlease', free]);
    }
    this.#tellShortage(hasGranted);
  }

  #grant(): boolean {
    const granted = new Map<LeaseHolder, number>();
    for (let holder = this.#budget.next(); holder !== undefined; holder = this.#budget.next())
      granted.set(holder, (granted.get(holder) ?? 0) + 1);
    for (const [holder, count] of granted) holder.grant(count);
    return granted.size > 0;
  }

  /** Once for each that is short, and again when there are new holders. */
  #tellShortage(hasGranted: boolean): void {
    const { short } = this.#budget;
    const isNews = short > this.#shortTold || (short > 0 && hasGranted);
    this.#shortTold = short;
    if (!isNews) return;
    for (const holder of this.#budget.holders) {
      const count = this.#budget.shortBeside(holder);
      if (count > 0) holder.noteShortage(count);
    }
  }

  #receive(above: LeasePort, [kind, count]: LeaseAnswer): void {
    if (kind === 'shortage') {
      for (const holder of this.#budget.holders) holder.noteShortage(count);
      return;
    }
    this.#askedAbove -= count;
    this.#budget.capacity += count;
    this.#settleWith(above);
  }
}

const officeKey = Symbol.for(`troupe.lease-office.${PROTOCOL_VERSION}`);

/** The one of this process, also of all copies of the library in it: the first that asks makes it. */
export function leaseOffice(countCpus: () => number): LeaseOffice {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody else knows the key
  const known = Reflect.get(globalThis, officeKey) as LeaseOffice | undefined;
  if (known !== undefined) return known;
  const office = new LeaseOffice(findLeasePort(), countCpus);
  Reflect.set(globalThis, officeKey, office);
  return office;
}
