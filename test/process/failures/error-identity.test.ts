/**
 * An error that a task throws arrives as itself: class, message, own fields, cause, and both sides of its
 * stack.
 */
import { RemoteError } from 'troupe';
import { expect, test } from 'vitest';
import {
  PaymentError,
  rejectDeeply,
  throwAbortError,
  throwAggregate,
  throwCauseChain,
  throwUserClass,
  throwWithFields,
} from '../../fixtures/jobs/errors.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

test('name, code and own fields', () =>
  withPool({}, async (pool) => {
    const error = await rejectionOf(pool.submit(throwWithFields), TypeError);
    expect(Object.getPrototypeOf(error)).toBe(TypeError.prototype);
    expect({ ...error }).toEqual({ code: 'E_FIELDS', status: 418, when: new Date(86_400_000) });
    expect(error).toMatchObject({ name: 'TypeError', message: 'with fields' });
  }));

test('the chain of causes', () =>
  withPool({}, async (pool) => {
    const top = await rejectionOf(pool.submit(throwCauseChain), Error);
    const middle = top.cause as Error;
    expect(middle).toBeInstanceOf(TypeError);
    expect(middle.message).toBe('middle');
    expect(middle.cause).toBeInstanceOf(RangeError);
    expect(middle.cause).toMatchObject({ message: 'root', code: 'E_ROOT' });
  }));

test('the errors of an AggregateError', () =>
  withPool({}, async (pool) => {
    const many = await rejectionOf(pool.submit(throwAggregate), AggregateError);
    expect(many.message).toBe('many');
    expect(many.errors).toHaveLength(3);
    expect(many.errors[0]).toBeInstanceOf(RangeError);
    expect(many.errors[1]).toMatchObject({ message: 'two', code: 'E_TWO' });
    expect(many.errors[2]).toBe('three');
  }));

test("an AbortError of the task's own is not a cancellation of ours", () =>
  withPool({}, async (pool) => {
    const task = pool.submit(throwAbortError);
    const error = await rejectionOf(task, DOMException);
    expect(error).toMatchObject({ name: 'AbortError', code: DOMException.ABORT_ERR });
    expect(task.state).toBe('rejected');
  }));

const ofPayment = {
  name: 'PaymentError',
  message: 'could not pay 12',
  amount: 12,
  at: new Date(0),
  tags: new Set(['card']),
};

test('a class of the module that the function is from', () =>
  withPool({}, async (pool) => {
    const error = await rejectionOf(pool.submit(throwUserClass, 12), PaymentError);
    expect(error).toMatchObject(ofPayment);
    expect(error.isSmall).toBe(true);
    const [atItem] = await Promise.allSettled([pool.map(throwUserClass, [12]).toArray()]);
    expect(atItem).toMatchObject({ reason: { constructor: PaymentError } });
  }));

test('a class that only the worker has', () =>
  withPool({}, async (pool) => {
    const url = new URL('../../fixtures/jobs/errors.mjs', import.meta.url);
    const jobs = pool.module<{ throwUserClass: typeof throwUserClass }>(url);
    const error = await rejectionOf(jobs.throwUserClass(12), RemoteError);
    expect(error).toMatchObject({ ...ofPayment, remoteName: 'PaymentError' });
    expect(error.remoteStack).toContain('throwUserClass');
  }));

test('the code of an error is its own, whatever class carries it here', () =>
  withPool({}, async (pool) => {
    expect(await rejectionOf(pool.submit(throwUserClass, 12), Error)).toMatchObject({ code: 'E_PAYMENT' });
  }));

test('the stack shows where it was thrown and where it was submitted', () =>
  withPool({}, async (pool) => {
    const submitDeeply = (): PromiseLike<unknown> => pool.with({ name: 'diving' }).submit(rejectDeeply);
    const { stack = '' } = await rejectionOf(submitDeeply(), Error);
    expect(stack).toMatch(/^Error: from the deep\n\s+at deepInTheJob .*errors\.mjs/u);
    expect(stack).toMatch(/--- worker 1, .*diving.*; submitted from: ---/u);
    expect(stack.indexOf('submitDeeply')).toBeGreaterThan(stack.indexOf('deepInTheJob'));
    expect(stack).toContain('error-identity.test.ts');
  }));

test('two failures of one function are two errors', () =>
  withPool({}, async (pool) => {
    const tasks = [pool.submit(throwWithFields), pool.submit(throwWithFields)];
    const [one, other] = await Promise.all(tasks.map((task) => rejectionOf(task, TypeError)));
    expect(one).not.toBe(other);
  }));
