import { expect, test } from 'vitest';
import { classCases } from './round-trip/class-cases.ts';
import { dataCases } from './round-trip/data-cases.ts';
import { functionCases } from './round-trip/function-cases.ts';
import { callHere, callThere } from './round-trip/round-trip.ts';

test.for([...functionCases, ...classCases, ...dataCases])('$name', async (one) => {
  const values = one.make();
  const there = await callThere(values);
  expect(there).toStrictEqual('expected' in one ? one.expected : await callHere(values));
});
