import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EachResults, eachValues } from '../../../src/codec/each-result.ts';

function resultsOf(values: readonly unknown[]): EachResults {
  const results = new EachResults();
  for (const value of values) results.add(value);
  return results;
}

test('results come back as they were, undefined and null apart, by way of plain JSON', () => {
  const value = fc.constantFrom(undefined, undefined, null, 0, 'text');
  fc.assert(
    fc.property(fc.array(value, { maxLength: 30 }), (values) => {
      for (const result of [resultsOf(values).complete(1), resultsOf(values).failed('error')])
        expect(eachValues(JSON.parse(JSON.stringify(result)))).toEqual(values);
    }),
  );
});

test('many undefined results take one place', () => {
  const { blanks } = resultsOf(Array.from({ length: 1_000 })).complete(1);
  expect(blanks).toEqual([0, 1_000]);
});

test('results without any say nothing of them', () => {
  expect(resultsOf([1, null]).complete(5)).toEqual({ values: [1, null], failed: false, micros: 5 });
  expect(resultsOf([1]).failed('error')).toEqual({ values: [1], failed: true, error: 'error' });
});
