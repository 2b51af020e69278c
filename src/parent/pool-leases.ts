/** A pool's part in the budget of pools inside workers: for itself, and for those in its workers. */
import type { LeaseRequest } from '../transport/lease-port.ts';
import { ProtocolError } from '../errors.ts';
import type { Employer, LeaseHolder, LeaseOffice } from './lease-office.ts';
import type { PoolParts } from './pool-parts.ts';
import type { WorkerLink } from './worker-link.ts';

export class PoolLeases implements LeaseHolder, Employer {
  readonly #office: LeaseOffice;
  readonly #parts: () => PoolParts;
  /** Those who stand for the pools in a worker. */
  readonly #workers = new WeakMap<WorkerLink, LeaseHolder>();

  constructor(office: LeaseOffice, parts: () => PoolParts) {
    this.#office = office;
    this.#parts = parts;
  }

  /** What the pool holds at first; `null` if it needs none. */
  get first(): 0 | null {
    return this.#office.isInsideWorker ? 0 : null;
  }

  /** Those that start count: they are to work. */
  get busyWorkers(): number {
    const { links, dispatcher } = this.#parts();
    return links.size - dispatcher.idle;
  }

  /** From now on its workers count. */
  noteWorkers(): void {
    if (!this.#office.isInsideWorker) this.#office.employ(this);
  }

  /** More or fewer of its workers may be busy than before. */
  weigh(): void {
    if (!this.#office.isInsideWorker) this.#office.weigh();
  }

  ask(count: number): void {
    this.#office.ask(this, count);
  }

  giveBack(count: number): void {
    this.#office.giveBack(this, count);
  }

  /** The pool starts no worker any more. */
  leave(): void {
    this.#office.dismiss(this);
    this.#office.leave(this);
  }

  grant(count: number): void {
    this.#toPool({ type: 'lease.granted', count });
  }

  noteShortage(count: number): void {
    this.#toPool({ type: 'lease.short', count });
  }

  /** Does what a child asks for. Returns what is wrong with it, if no child of ours would say that. */
  take(link: WorkerLink, [kind, count]: LeaseRequest): ProtocolError | null {
    const holder = this.#holderOf(link);
    const isCount = Number.isSafeInteger(count) && count > 0;
    if (!isCount || (kind === 'unlease' && count > this.#office.heldBy(holder))) {
      const verb = kind === 'lease' ? 'asked for' : 'gave back';
      return new ProtocolError(`Worker ${link.workerId} ${verb} ${String(count)} leases, which cannot be.`);
    }
    if (kind === 'lease') this.#office.ask(holder, count);
    else this.#office.giveBack(holder, count);
    return null;
  }

  /** The worker is gone, and the pools in it with it. */
  forget(link: WorkerLink): void {
    this.#office.leave(this.#holderOf(link));
  }

  #holderOf(link: WorkerLink): LeaseHolder {
    const known = this.#workers.get(link);
    if (known !== undefined) return known;
    const holder: LeaseHolder = {
      grant: (count) => link.writeLease(['leased', count]),
      noteShortage: (count) => link.writeLease(['shortage', count]),
    };
    this.#workers.set(link, holder);
    return holder;
  }

  #toPool(event: { readonly type: 'lease.granted' | 'lease.short'; readonly count: number }): void {
    const { system } = this.#parts();
    system.tell('pool', 0, event);
    system.run();
  }
}
