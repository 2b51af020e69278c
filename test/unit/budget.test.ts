/** Leases for the workers of nested pools: none is given twice, none is lost, nobody is passed over. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget } from '../../machines/budget.ts';

function give(budget: Budget<number>): number[] {
  const given: number[] = [];
  for (let holder = budget.next(); holder !== undefined; holder = budget.next()) given.push(holder);
  return given;
}

test('leases go round: one each, then again', () => {
  const budget = new Budget<number>(5);
  budget.ask(1, 4);
  budget.ask(2, 1);
  budget.ask(3, 2);
  expect(give(budget)).toEqual([1, 2, 3, 1, 3]);
  expect(budget.wanted).toBe(2);
  budget.giveBack(3, 1);
  expect(give(budget)).toEqual([1]);
});

test('who leaves gives back all it held, and asks for nothing', () => {
  const budget = new Budget<number>(2);
  budget.ask(1, 5);
  expect(give(budget)).toEqual([1, 1]);
  budget.ask(2, 1);
  budget.leave(1);
  expect(give(budget)).toEqual([2]);
  expect(budget).toMatchObject({ free: 1, wanted: 0, holders: [2], isUsed: true, short: 0 });
  budget.leave(2);
  expect(budget.isUsed).toBe(false);
});

test('with fewer leases than are held, none is given until enough came back', () => {
  const budget = new Budget<number>(3);
  budget.ask(1, 3);
  give(budget);
  budget.capacity -= 2;
  budget.ask(2, 1);
  expect([budget.short, budget.shortBeside(1), budget.shortBeside(2)]).toEqual([3, 3, 2]);
  budget.giveBack(1, 2);
  expect(give(budget)).toEqual([]);
  budget.giveBack(1, 1);
  expect(give(budget)).toEqual([2]);
});

test('what is held never grows beyond the capacity, and no free lease waits for an asker', () => {
  const holder = fc.integer({ min: 1, max: 4 });
  const count = fc.integer({ min: -1, max: 4 });
  const move = fc.oneof(
    fc.record({ kind: fc.constantFrom('ask' as const, 'giveBack' as const), holder, count }),
    fc.record({ kind: fc.constant('leave' as const), holder, count }),
    fc.record({ kind: fc.constant('capacity' as const), holder, count }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 5 }), fc.array(move, { maxLength: 60 }), (places, script) => {
      const budget = new Budget<number>(places);
      const held = new Map<number, number>();
      const asked = new Map<number, number>();
      let capacity = places;
      const total = (counts: Map<number, number>): number => [...counts.values()].reduce((a, b) => a + b, 0);
      for (const { kind, holder: who, count: many } of script) {
        if (kind === 'ask') {
          budget.ask(who, many);
          asked.set(who, (asked.get(who) ?? 0) + Math.max(0, many));
        } else if (kind === 'giveBack') {
          budget.giveBack(who, many);
          held.set(who, Math.max(0, (held.get(who) ?? 0) - Math.max(0, many)));
        } else if (kind === 'leave') {
          budget.leave(who);
          held.delete(who);
          asked.delete(who);
        } else {
          budget.capacity += many;
          capacity += many;
        }
        const before = total(held);
        for (const given of give(budget)) {
          held.set(given, (held.get(given) ?? 0) + 1);
          asked.set(given, (asked.get(given) ?? 0) - 1);
        }
        expect([...asked.values()].every((left) => left >= 0)).toBe(true);
        expect(total(held)).toBeLessThanOrEqual(Math.max(capacity, before));
        expect(budget.wanted).toBe(total(asked));
        expect(budget.free).toBe(Math.max(0, capacity - total(held)));
        expect(Math.min(budget.free, budget.wanted)).toBe(0);
      }
    }),
  );
});
