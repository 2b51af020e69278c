/** The office that shares leases in one process, and offices below and above each other. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LeaseHolder, LeaseOffice } from '../../src/parent/lease-office.ts';
import type { LeaseAnswer, LeasePort, LeaseRequest } from '../../src/transport/lease-port.ts';

/** A pool or a worker that writes down what it is told. */
class Holder implements LeaseHolder {
  held = 0;
  readonly shortages: number[] = [];

  grant(count: number): void {
    this.held += count;
  }

  noteShortage(count: number): void {
    this.shortages.push(count);
  }
}

const holders = (count: number): Holder[] => Array.from({ length: count }, () => new Holder());

function listenAbove(): { readonly port: LeasePort; readonly sent: LeaseRequest[] } {
  const sent: LeaseRequest[] = [];
  return { port: { send: (request) => void sent.push(request), listener: null }, sent };
}

test('a main program has what its busy workers leave, and looks anew when that changes', () => {
  const office = new LeaseOffice(null, () => 5);
  const employer = { busyWorkers: 3 };
  office.employ(employer);
  const [one = new Holder(), other = new Holder()] = holders(2);
  office.ask(one, 4);
  office.ask(other, 1);
  expect([one.held, other.held]).toEqual([2, 0]);
  employer.busyWorkers = 1;
  office.weigh();
  expect([one.held, other.held]).toEqual([3, 1]);
  office.dismiss(employer);
  office.weigh();
  expect([one.held, other.held]).toEqual([4, 1]);
});

test('with fewer processors than busy workers there are no leases', () => {
  const office = new LeaseOffice(null, () => 1);
  office.employ({ busyWorkers: 7 });
  const holder = new Holder();
  office.ask(holder, 3);
  expect(holder.held).toBe(0);
  office.leave(holder);
  expect(office.heldBy(holder)).toBe(0);
});

test('processors are counted when somebody asks', () => {
  let cpus = 1;
  const office = new LeaseOffice(null, () => cpus);
  const holder = new Holder();
  office.ask(holder, 1);
  cpus = 3;
  office.weigh();
  expect(holder.held).toBe(1);
  office.ask(holder, 4);
  expect(holder.held).toBe(3);
});

test('who holds leases hears what others lack, once, and each new holder hears it, too', () => {
  const office = new LeaseOffice(null, () => 2);
  const [one = new Holder(), other = new Holder()] = holders(2);
  office.ask(one, 2);
  // It lacks some itself: nobody else does.
  office.ask(one, 1);
  office.weigh();
  expect(one.shortages).toEqual([]);
  office.ask(other, 2);
  office.weigh();
  expect(one.shortages).toEqual([2]);
  office.giveBack(one, 1);
  // Its own wish came first; now it is the other that lacks them all.
  expect([one.held, other.held]).toEqual([3, 0]);
  expect(one.shortages).toEqual([2, 2]);
  office.giveBack(one, 1);
  expect(other.held).toBe(1);
  expect([one.shortages, other.shortages]).toEqual([[2, 2, 1], []]);
});

test('when busy workers need the processors, all holders hear it', () => {
  const office = new LeaseOffice(null, () => 3);
  const employer = { busyWorkers: 0 };
  office.employ(employer);
  const [one = new Holder(), other = new Holder()] = holders(2);
  office.ask(one, 1);
  office.ask(other, 2);
  employer.busyWorkers = 2;
  office.weigh();
  office.weigh();
  expect([one.shortages, other.shortages]).toEqual([[2], [2]]);
  employer.busyWorkers = 0;
  office.weigh();
  employer.busyWorkers = 1;
  office.weigh();
  expect(one.shortages).toEqual([2, 1]);
});

test('in a worker, it asks above for what nobody there has, and gives back what nobody there wants', () => {
  const { port, sent } = listenAbove();
  const office = new LeaseOffice(port, () => 64);
  const [one = new Holder(), other = new Holder()] = holders(2);
  expect(office.isInsideWorker).toBe(true);
  office.ask(one, 2);
  office.ask(other, 1);
  expect(sent).toEqual([
    ['lease', 2],
    ['lease', 1],
  ]);
  port.listener?.(['leased', 2]);
  expect([one.held, other.held]).toEqual([1, 1]);
  expect([one.shortages, other.shortages]).toEqual([[], [1]]);
  office.giveBack(other, 1);
  expect(one.held).toBe(2);
  expect(sent).toHaveLength(2);
  // What was asked for comes, although nobody waits for it any more.
  port.listener?.(['leased', 1]);
  office.leave(one);
  expect(sent.slice(2)).toEqual([
    ['unlease', 1],
    ['unlease', 2],
  ]);
});

test('in a worker, who holds leases hears what is short above', () => {
  const { port } = listenAbove();
  const office = new LeaseOffice(port, () => 64);
  const [one = new Holder(), other = new Holder()] = holders(2);
  office.ask(one, 1);
  port.listener?.(['leased', 1]);
  port.listener?.(['shortage', 5]);
  expect([one.shortages, other.shortages]).toEqual([[5], []]);
});

/** A worker with an office of its own: what goes up and down is under way until it is delivered. */
class Branch implements LeaseHolder {
  readonly office: LeaseOffice;
  readonly pools: readonly Holder[] = holders(2);
  readonly #up: LeaseRequest[] = [];
  readonly #down: LeaseAnswer[] = [];
  readonly #port: LeasePort = { send: (request) => void this.#up.push(request), listener: null };

  constructor() {
    this.office = new LeaseOffice(this.#port, () => 64);
  }

  grant(count: number): void {
    this.#down.push(['leased', count]);
  }

  noteShortage(count: number): void {
    this.#down.push(['shortage', count]);
  }

  get isQuiet(): boolean {
    return this.#up.length === 0 && this.#down.length === 0;
  }

  deliver(above: LeaseOffice): void {
    const [kind, count] = this.#up.shift() ?? [];
    if (kind === undefined || count === undefined) return;
    if (kind === 'lease') above.ask(this, count);
    else if (count > above.heldBy(this)) throw new Error(`${count} come back, which it never had`);
    else above.giveBack(this, count);
  }

  read(): void {
    const answer = this.#down.shift();
    if (answer !== undefined) this.#port.listener?.(answer);
  }
}

test('over any number of processes none is lost and none is there twice, whatever is under way', () => {
  const move = fc.record({
    kind: fc.constantFrom('ask' as const, 'give' as const, 'leave' as const, 'up' as const, 'down' as const),
    branch: fc.nat({ max: 2 }),
    pool: fc.nat({ max: 1 }),
    count: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.nat({ max: 6 }), fc.array(move, { maxLength: 120 }), (cpus, moves) => {
      const root = new LeaseOffice(null, () => cpus);
      const branches = [new Branch(), new Branch(), new Branch()];
      const heldInAll = (): number =>
        branches.flatMap(({ pools }) => pools).reduce((sum, { held }) => sum + held, 0);
      for (const { kind, branch: at, pool: which, count } of moves) {
        const branch = branches[at] ?? new Branch();
        const pool = branch.pools[which] ?? new Holder();
        if (kind === 'ask') branch.office.ask(pool, count);
        else if (kind === 'up') branch.deliver(root);
        else if (kind === 'down') branch.read();
        else {
          const returned = kind === 'leave' ? pool.held : Math.min(pool.held, count);
          pool.held -= returned;
          if (kind === 'leave') branch.office.leave(pool);
          else branch.office.giveBack(pool, returned);
        }
        expect(heldInAll()).toBeLessThanOrEqual(cpus);
      }
      for (const branch of branches)
        for (const pool of branch.pools) {
          pool.held = 0;
          branch.office.leave(pool);
        }
      while (!branches.every(({ isQuiet }) => isQuiet))
        for (const branch of branches) {
          branch.deliver(root);
          branch.read();
        }
      const last = new Holder();
      root.ask(last, 10);
      // Wishes of those who left may still be served first, and come back.
      for (const branch of branches) {
        branch.read();
        branch.deliver(root);
      }
      expect(last.held).toBe(cpus);
    }),
  );
});
