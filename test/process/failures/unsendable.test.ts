/** What cannot travel costs the task that tried, and nothing else: the same process takes the next one. */
import { Socket } from 'node:net';
import { NotSerializableError, type Pool, RemoteError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { add, echo, processId } from '../../fixtures/jobs/plain.mjs';
import {
  returnFunction,
  returnGenerator,
  returnHostileProxy,
  returnInstance,
  returnSocket,
  returnSymbol,
  returnThrowingThenable,
  throwCyclicCause,
  throwHostileProxy,
  throwTwoArguments,
  throwValue,
  throwWithGetters,
  throwWithSocket,
} from '../../fixtures/jobs/unsendable.mjs';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

class Known {
  readonly is = 'known';
}

class Locked {
  readonly #key = 1;
  fits(other: Locked): boolean {
    return other.#key === this.#key;
  }
}

/** Whatever happens in between, the one worker stays the same and goes on. */
function withOneWorker(run: (pool: Pool) => Promise<void>): Promise<void> {
  return withPool({}, async (pool) => {
    const before = await pool.submit(processId);
    await run(pool);
    expect(await pool.submit(processId)).toBe(before);
  });
}

describe('an argument', () => {
  test.each([
    ['a proxy inside a value', { on: { end: new Proxy({}, {}) } }, 'argument 0.on.end', /a Proxy/u],
    ['a generator', [(function* () {})()], 'argument 0[0]', /\[\.\.\.generator\]/u],
    ['a socket', { list: [new Socket()] }, 'argument 0.list[0]', /Socket/u],
    ['a promise', Promise.resolve(), 'argument 0', /await/iu],
  ])('%s', (_what, value, path, message) =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(echo, value), NotSerializableError);
      expect(error.path).toBe(path);
      expect(error.message).toMatch(message);
    }),
  );

  test('a hundred of them take no slot, and what runs beside them is not disturbed', () =>
    withPool({ maxWorkers: 2, maxQueue: 4 }, async (pool) => {
      for (let round = 0; round < 100; round += 1) {
        const good = pool.submit(add, round, 1);
        await rejectionOf(pool.submit(echo, { on: new WeakRef({}) }), NotSerializableError);
        expect(await good).toBe(round + 1);
      }
      expect(pool.stats()).toMatchObject({ waiting: 0, running: 0, fulfilled: 100, workersLost: 0 });
    }));
});

describe('a result', () => {
  test.each([
    ['a function inside it', returnFunction, 'result.inside.callback'],
    ['a socket inside it', returnSocket, 'result.connections[0]'],
    ['a generator', returnGenerator, 'result'],
  ])('%s', (_what, fn, path) =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(fn), NotSerializableError);
      expect(error.path).toBe(path);
    }),
  );

  test('a function: the message says that no code comes back', () =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(returnFunction), NotSerializableError);
      expect(error.message).toMatch(/a function, and from a worker only data travels/u);
    }));

  test('an instance of a class that only the worker has: the message names registerClass()', () =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(returnInstance), NotSerializableError);
      expect(error.message).toMatch(/an instance of class OnlyThere\. Register the class/u);
    }));

  test('a part that cannot come is named, beside one that can', () =>
    withOneWorker(async (pool) => {
      const known = new Known();
      const error = await rejectionOf(
        pool.submit(() => [known, () => known]),
        NotSerializableError,
      );
      expect(error.path).toBe('result[1]');
    }));

  test.each<[what: string, fn: () => unknown, message: RegExp]>([
    ['#private members', () => new Locked(), /an instance of class Locked/u],
    ['an AbortSignal', () => AbortSignal.abort(), /an AbortSignal, which goes to a worker and not back/u],
  ])('%s', (_what, fn, message) =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(fn), NotSerializableError);
      expect(error.message).toMatch(message);
    }),
  );

  test('a symbol arrives', () =>
    withOneWorker(async (pool) => {
      expect(String(await pool.submit(returnSymbol))).toBe('Symbol(mine)');
    }));

  test('a proxy whose traps throw', () =>
    withOneWorker(async (pool) => {
      expect(await thrownBy(pool.submit(returnHostileProxy))).toBeInstanceOf(Error);
    }));

  test('a thenable whose `then` throws', () =>
    withOneWorker(async (pool) => {
      expect(await thrownBy(pool.submit(returnThrowingThenable))).toMatchObject({ message: 'no then here' });
    }));

  test('a hundred of them take no slot', () =>
    withOneWorker(async (pool) => {
      const tasks = Array.from({ length: 100 }, () =>
        rejectionOf(pool.submit(returnFunction), NotSerializableError),
      );
      expect(new Set(await Promise.all(tasks)).size).toBe(100);
      expect(pool.stats()).toMatchObject({ waiting: 0, running: 0, rejected: 100 });
    }));
});

describe('something thrown', () => {
  test.each([
    ['undefined', undefined],
    ['null', null],
    ['text', 'just text'],
    ['number', 42],
  ])('%s arrives as it is', (kind, value) =>
    withOneWorker(async (pool) => {
      expect(await thrownBy(pool.submit(throwValue, kind))).toBe(value);
    }),
  );

  test.each([
    ['symbol', /threw the symbol Symbol\(mine\)/u],
    ['function', /threw the function named/u],
    ['object', /threw an object/u],
  ])('a %s that cannot travel is described', (kind, message) =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(throwValue, kind), RemoteError);
      expect(error.message).toMatch(message);
    }),
  );

  test('an error whose constructor wants two arguments', () =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(throwTwoArguments), Error);
      expect(error).toMatchObject({
        name: 'TwoArguments',
        message: 'status 503: BUSY',
        status: 503,
        detail: 'busy',
      });
    }));

  test('an error whose getters throw', () =>
    withOneWorker(async (pool) => {
      await rejectionOf(pool.submit(throwWithGetters), Error);
    }));

  test('an error that is the cause of its own cause', () =>
    withOneWorker(async (pool) => {
      const first = await rejectionOf(pool.submit(throwCyclicCause), Error);
      expect(first.message).toBe('first');
      expect(first.cause).toMatchObject({ message: 'second', cause: first });
    }));

  test('an error with a field that cannot travel keeps the others', () =>
    withOneWorker(async (pool) => {
      const error = await rejectionOf(pool.submit(throwWithSocket), Error);
      expect(error).toMatchObject({ message: 'with a socket', status: 7, unsentFields: ['socket'] });
    }));

  test('a proxy whose traps throw', () =>
    withOneWorker(async (pool) => {
      await rejectionOf(pool.submit(throwHostileProxy), RemoteError);
    }));
});
