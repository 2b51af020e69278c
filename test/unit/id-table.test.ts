/** The table of ids answers what a map would, whatever order ids come and go in. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdTable } from '../../machines/id-table.ts';

const id = fc.oneof(
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 2 ** 32 - 300, max: 2 ** 32 + 300 }),
  fc.constantFrom(0, 255, 256, 257, 511, 512, 2 ** 52),
);
const step = fc.record({ what: fc.constantFrom('set', 'delete', 'get'), id });

test('it is a map', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const map = new Map<number, object>();
      const table = new IdTable<object>();
      for (const { what, id: at } of steps) {
        const value = { at };
        if (what === 'set') {
          map.set(at, value);
          table.set(at, value);
        } else if (what === 'delete') expect(table.delete(at)).toBe(map.delete(at));
        expect(table.get(at)).toBe(map.get(at));
        expect(table.size).toBe(map.size);
      }
      expect(new Map(table.entries())).toEqual(map);
    }),
  );
});

test('what was counted up comes in order, and may leave while it is gone through', () => {
  const table = new IdTable<number>();
  for (let count = 0; count < 1_000; count++) table.set(count, count);
  for (let count = 0; count < 1_000; count += 3) table.delete(count);
  const seen: number[] = [];
  for (const [at] of table.entries()) {
    seen.push(at);
    table.delete(at);
  }
  expect(seen).toEqual(Array.from({ length: 1_000 }, (_, at) => at).filter((at) => at % 3 !== 0));
  expect(table.size).toBe(0);
});
