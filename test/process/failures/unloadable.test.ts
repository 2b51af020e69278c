/**
 * A function that a worker cannot import costs the task that asked for it: the error says where it was
 * sought.
 */
import { fileURLToPath } from 'node:url';
import { NotSerializableError, type Pool, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, processId } from '../../fixtures/jobs/plain.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

interface Anything {
  add(): unknown;
  addd(): unknown;
  never(): unknown;
  notAFunction(): unknown;
}

const jobsUrl = (file: string): URL => new URL(`../../fixtures/jobs/${file}`, import.meta.url);

const jobsOf = (pool: Pool, file: string) => pool.module<Anything>(jobsUrl(file));

test('a module that does not exist', () =>
  withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    const error = await rejectionOf(jobsOf(pool, 'missing.mjs').add(), NotSerializableError);
    expect(error.message).toContain(fileURLToPath(jobsUrl('missing.mjs')));
    expect(await pool.submit(processId)).toBe(before);
  }));

test('an export that does not exist: the message lists those that do', () =>
  withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    const error = await rejectionOf(jobsOf(pool, 'plain.mjs').addd(), NotSerializableError);
    expect(error.message).toContain(fileURLToPath(jobsUrl('plain.mjs')));
    expect(error.message).toMatch(/no export `addd`.*add, .*appendLine/u);
    expect(await pool.submit(processId)).toBe(before);
  }));

test('an export that is no function', () =>
  withPool({}, async (pool) => {
    const error = await rejectionOf(jobsOf(pool, 'plain.mjs').notAFunction(), NotSerializableError);
    expect(error.message).toMatch(/`notAFunction`.*is not a function but a value of type string/u);
    expect(await pool.submit(add, 1, 2)).toBe(3);
  }));

test('a module whose top level throws', () =>
  withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    const error = await rejectionOf(jobsOf(pool, 'throws-on-import.mjs').never(), RangeError);
    expect(error).toMatchObject({ code: 'E_TOP_LEVEL' });
    expect(error.message).toMatch(/^the top level threw \(while a worker imported .*throws-on-import\.mjs/u);
    expect(await pool.submit(processId)).toBe(before);
  }));

test('a module that ends the process that imports it', () =>
  withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    const error = await rejectionOf(jobsOf(pool, 'exits-on-import.mjs').never(), WorkerLostError);
    expect(error).toMatchObject({ pid: before, exitCode: 9, likelyCause: 'exit' });
    expect(await pool.submit(processId)).not.toBe(before);
  }));

describe('a function no worker can import travels by itself', () => {
  const local = 3;
  function unexported(): number {
    return local;
  }
  test.each([
    ['a closure', () => local],
    ['a function that is not exported', unexported],
    ['a bound function', add.bind(null, 1, 2)],
  ])('%s', (_what, fn) =>
    withPool({}, async (pool) => {
      expect(await pool.submit(fn)).toBe(3);
    }),
  );
});

describe('refused at the call', () => {
  const promise = Promise.resolve(1);
  test.each([
    ['no function at all', 'add' as unknown as () => unknown, 'function'],
    ['a class', WorkerLostError as unknown as () => unknown, 'function'],
    ['a closure over a promise', () => promise, 'closure → promise'],
  ])('%s', (_what, fn, path) =>
    withPool({}, async (pool) => {
      const error = await rejectionOf(pool.submit(fn), NotSerializableError);
      expect(error.path).toBe(path);
      // The first worker starts while a function is being found. It serves the next task.
      expect(pool.workers.length).toBeLessThanOrEqual(1);
      expect(await pool.submit(add, 1, 2)).toBe(3);
      expect(pool.workers).toHaveLength(1);
    }),
  );
});
