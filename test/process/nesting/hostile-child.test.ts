/** A child that forges submissions cannot make the parent run code, crash or change. */
import { ProtocolError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { submitForged } from '../../fixtures/jobs/forges.mjs';
import { openPool } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';

const marker = 'troupeWasTakenOver';
const text = `() => { globalThis.${marker} = true; return 'ran'; }`;
const unit = { id: 'forged', text, form: 'arrow', variables: [], cells: [], isStrict: true, url: '' };
const call = '5';

const attacks: readonly [what: string, change: Readonly<Record<string, unknown>>, meta?: object][] = [
  ['a message of no kind', { 1: 'evaluate' }],
  ['a number that is none', { 2: 'seven' }],
  ['a task it does not have', { 3: 99 }],
  ['an attempt it was not given', { 4: 12 }],
  ['no call', { [call]: null }],
  ['a function without an address', { [`${call}.reference`]: 'basename' }],
  ['a mode that is none', { [`${call}.mode`]: 'initialize' }],
  ['a closure without a graph', { [`${call}.reference.url`]: 'closure:' }],
  ['a graph that is none', { [`${call}.roots`]: 'call', 8: 'graph' }],
  ['a million signals', { [`${call}.signals`]: 1e6 }],
  ['bytes that are a text', { [`${call}.argumentBytes`]: '1' }],
  ['a time that never was', { [`${call}.options`]: { timeoutMs: -1 } }],
  ['a priority that is none', { [`${call}.options`]: { priority: 'first' } }],
  ['an empty key', { [`${call}.options`]: { key: '' } }],
  ['a predicate', { [`${call}.options`]: { retries: { times: 1, on: '() => true', backoffMs: 0 } } }],
  ['arguments that are none', { 6: 'all' }],
  ['code under a false name', { [`${call}.roots`]: 'function', 8: { nodes: [], roots: [] }, 9: [unit] }],
  ['annotations of its own', {}, { values: { 6: [['custom', 'troupe/captured']] }, v: 1 }],
];

describe('a child that forges a submission', () => {
  test.each(attacks)('%s is replaced, and its task fails', async (_what, change, meta) => {
    const pool = openPool({ maxWorkers: 1 });
    const error = await thrownBy(pool.submit(submitForged, change, meta));
    expect(error).toBeInstanceOf(WorkerLostError);
    expect((error as WorkerLostError).cause).toBeInstanceOf(ProtocolError);
    expect(globalThis).not.toHaveProperty(marker);
    expect(await pool.submit((x: number) => x + 1, 1)).toBe(2);
  });

  test('in every respect as a child of ours would gets it run: in a child', async () => {
    const pool = openPool({ maxWorkers: 2 });
    const settled = new Promise((resolve) => {
      pool.on('taskSettled', ({ taskId, outcome }) => {
        if (taskId.endsWith('w1.forged')) resolve(outcome);
      });
    });
    const source = `globalThis.${marker} = true`;
    const run = { url: 'node:vm', name: 'runInThisContext' };
    const task = pool.submit(submitForged, { [`${call}.reference`]: run, 6: [source] });
    expect(await settled).toBe('fulfilled');
    expect(globalThis).not.toHaveProperty(marker);
    task.cancel();
    await thrownBy(task);
  });
});
