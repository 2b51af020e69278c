/** All cases in a thread of vitest. */
import { createPool } from 'troupe';
import { expect, test } from 'vitest';
import { cases } from '../cases/all.mjs';
import { countRun, report } from '../report.mjs';

test('every case', async () => {
  countRun();
  await report(cases, createPool);
  expect(cases.length).toBeGreaterThan(0);
});
