/** The smallest pools, looked at by a second checker that shares nothing with ours but the definitions. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machines } from '../../machines/index.ts';
import { compare } from './comparison.ts';
import { sharedScopes } from './scopes.ts';
import { machinesWith, seededBugs } from './seeded-bugs.ts';
import { missingTools } from './spin.ts';

const missing = missingTools();
const isMissing = missing.length > 0;
if (isMissing) console.log(`No second opinion: ${missing.join(' and ')} not installed.`);

test.runIf(process.env['CI'] === 'true')('the tools for a second opinion are installed', () => {
  expect(missing).toEqual([]);
});

// A compiler runs in each: on a busy machine that takes its time.
describe.skipIf(isMissing)('a second opinion by spin', { timeout: 120_000 }, () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'troupe-promela-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const smallest = sharedScopes['smallest']?.scope;
  if (smallest === undefined) throw new Error('There is no smallest scope.');

  test('finds the same moments, and nothing wrong', () => {
    const { own, second } = compare(machines, smallest, path.join(folder, 'healthy'));
    expect(second).toMatchObject({ isHealthy: true, moments: own.moments, ways: own.ways });
    expect(own.isHealthy).toBe(true);
    // Neither may see less than there was: a model that loses moves would agree with itself.
    expect(own.moments).toBeGreaterThan(100);
  });

  test.each(seededBugs)('finds that $about', (bug) => {
    const { own, second } = compare(machinesWith(bug), smallest, path.join(folder, 'seeded'));
    expect(second.isHealthy).toBe(false);
    expect(own.isHealthy).toBe(false);
  });
});
