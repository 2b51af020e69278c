/** Whatever a task throws arrives as itself as far as it can, and never gets lost. */
import { open } from 'node:fs/promises';
import { AssertionError } from 'node:assert';
import { describe, expect, test, vi } from 'vitest';
import { encodeThrown } from '../../../src/codec/codec.ts';
import type { ErrorConstructorLike } from '../../../src/codec/remote-error.ts';
import {
  NotSerializableError,
  PoolBrokenError,
  QueueFullError,
  RemoteError,
  TaskCancelledError,
  TroupeError,
  WorkerLostError,
} from '../../../src/errors.ts';
import { arrive, at, readBySuperJson, roundTrip } from './round-trip.ts';

function catchOn(thrown: unknown, ...classes: ErrorConstructorLike[]): unknown {
  return arrive(encodeThrown(thrown, at), (name) => classes.find((made) => made.name === name));
}

const constructed = vi.fn<() => void>();

class HttpError extends Error {
  readonly status: number;
  constructor(status: number) {
    constructed();
    super(`status ${status}`);
    this.status = status;
  }
  get isMissing(): boolean {
    return this.status === 404;
  }
}

/** A class of errors as they were written before there were classes. */
function Old(this: { message: string }): void {
  this.message = 'old';
}
Reflect.set(
  Old,
  'prototype',
  Object.create(Error.prototype, { constructor: { value: Old }, name: { get: () => 'OldError' } }),
);

function broken(): void {}

describe('classes of JavaScript', () => {
  const classes = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];
  test.each(classes.map((made) => [made.name, made] as const))('%s', (name, made) => {
    const error = new made('what happened');
    const arrived = catchOn(error) as Error;
    expect(arrived).toStrictEqual(error);
    expect(Object.getPrototypeOf(arrived)).toBe(made.prototype);
    expect(arrived).toMatchObject({ name, message: 'what happened', stack: error.stack });
    expect(Object.keys(arrived)).toStrictEqual([]);
  });

  test('AggregateError with its errors', () => {
    const error = new AggregateError([new TypeError('a'), 'b', () => 1], 'many');
    const arrived = catchOn(error) as AggregateError;
    expect(arrived).toBeInstanceOf(AggregateError);
    expect(arrived.errors[0]).toStrictEqual(new TypeError('a'));
    expect(arrived.errors[1]).toBe('b');
    expect(arrived.errors[2]).toBeInstanceOf(RemoteError);
    expect(Object.keys(arrived)).toStrictEqual([]);
  });

  test.each(['AbortError', 'TimeoutError', 'DataCloneError'])('DOMException %s', (name) => {
    const error = new DOMException('why', name);
    const arrived = catchOn(error) as DOMException;
    expect(arrived).toBeInstanceOf(DOMException);
    expect(arrived).toMatchObject({ name, message: 'why', code: error.code, stack: error.stack });
  });

  test('a name of its own', () => {
    const error = Object.assign(new Error('x'), { name: 'Custom' });
    expect(catchOn(error)).toStrictEqual(error);
    expect(catchOn(error)).toMatchObject({ name: 'Custom' });
  });
});

describe('causes and fields', () => {
  test('of a system error', async () => {
    const error: unknown = await open('/no/such/file').catch((reason: unknown) => reason);
    const arrived = catchOn(error) as NodeJS.ErrnoException;
    expect(arrived).toStrictEqual(error);
    expect(arrived).toMatchObject({ code: 'ENOENT', syscall: 'open', path: '/no/such/file' });
  });

  test('arrive with all types', () => {
    const cause = Object.assign(new TypeError('inner'), { when: new Date(1), bytes: Buffer.from('x') });
    const arrived = catchOn(new Error('outer', { cause })) as Error;
    expect(arrived.cause).toStrictEqual(cause);
    expect(Object.keys(arrived)).not.toContain('cause');
  });

  test('a cause of undefined is there', () => {
    expect('cause' in (catchOn(new Error('x', { cause: undefined })) as Error)).toBe(true);
    expect('cause' in (catchOn(new Error('x')) as Error)).toBe(false);
  });

  test('that cannot be sent are dropped and named', () => {
    const error = Object.assign(new Error('x'), { socket: { deep: () => 1 }, code: 'E_X' });
    Object.defineProperty(error, 'late', { enumerable: true, get: () => expect.unreachable() });
    const arrived = catchOn(error) as Error;
    expect(arrived).toMatchObject({ code: 'E_X', unsentFields: ['socket', 'late'] });
    expect(Object.keys(arrived)).toStrictEqual(['code']);
    expect(arrived.stack).toBe(`${error.stack}\n    (fields that could not be sent: socket, late)`);
  });

  test('a cause that cannot be sent is described', () => {
    expect((catchOn(new Error('x', { cause: () => 1 })) as Error).cause).toMatchObject({
      name: 'RemoteError',
      remoteName: 'function',
    });
  });

  test('a long chain of causes', () => {
    let error = new Error('first');
    for (let n = 0; n < 500; n++) error = new Error('later', { cause: error });
    let arrived = catchOn(error) as Error;
    while (arrived.cause instanceof Error) arrived = arrived.cause;
    expect(arrived.message).toBe('first');
  });

  test('with dangerous names do no harm', () => {
    const error = new Error('x');
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      Object.defineProperty(error, key, { value: { polluted: true }, enumerable: true });
    }
    const arrived = catchOn(error) as Error;
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype);
    expect(Object.getOwnPropertyDescriptor(arrived, '__proto__')?.value).toStrictEqual({ polluted: true });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('that throw when they are read do no harm', () => {
    const error = new Error('x');
    for (const key of ['stack', 'cause', 'code', 'message', 'name']) {
      Object.defineProperty(error, key, {
        get: () => {
          throw new Error('it ran');
        },
      });
    }
    expect(catchOn(error)).toMatchObject({ name: 'Error', message: '', stack: 'Error: ' });
  });
});

describe('a class of the user', () => {
  test('that is known here is itself, and its constructor does not run', () => {
    const error = new HttpError(404);
    constructed.mockClear();
    const arrived = catchOn(error, HttpError) as HttpError;
    expect(arrived).toBeInstanceOf(HttpError);
    expect(arrived).toStrictEqual(error);
    expect(arrived.isMissing).toBe(true);
    expect(arrived.stack).toBe(error.stack);
    expect(constructed).not.toHaveBeenCalled();
  });

  test('that is not known is a RemoteError with its name and fields', () => {
    const error = new HttpError(404);
    const arrived = catchOn(error);
    expect(arrived).toBeInstanceOf(RemoteError);
    expect(arrived).toMatchObject({
      name: 'HttpError',
      message: 'status 404',
      status: 404,
      remoteName: 'HttpError',
      remoteStack: error.stack,
      stack: error.stack,
      code: 'ERR_TROUPE_REMOTE',
    });
  });

  test('keeps its own code', () => {
    expect(catchOn(new AssertionError({ actual: 1, expected: 2, operator: '==' }))).toMatchObject({
      name: 'AssertionError',
      code: 'ERR_ASSERTION',
      actual: 1,
      expected: 2,
    });
  });

  test('may have a name by a getter, and be made without a constructor', () => {
    const error: unknown = Reflect.construct(Old, []);
    expect(catchOn(error)).toMatchObject({ name: 'OldError', message: 'old', remoteName: 'OldError' });
    expect(catchOn(error, Old as unknown as ErrorConstructorLike)).toBeInstanceOf(Old);
  });

  test('is not looked for among things that are no errors', () => {
    const arrived = catchOn(new HttpError(1), { name: 'HttpError', prototype: Map.prototype as never });
    expect(arrived).toBeInstanceOf(RemoteError);
  });
});

describe("troupe's own errors", () => {
  const loss = {
    workerId: 1,
    pid: 2,
    exitCode: null,
    signal: 'SIGKILL',
    likelyCause: 'killed',
    stderrTail: 'last words',
    uptimeMs: 3,
    taskId: 'pool:4',
    attempt: 1,
  } as const;
  const cause = new Error('why');
  test.each([
    new QueueFullError('full', { cause }),
    new NotSerializableError('argument 0.x', 'no'),
    new TaskCancelledError('cancelled', { taskId: 'pool:1' }),
    new WorkerLostError('lost', loss),
    new PoolBrokenError('broken', { errors: [cause, new TypeError('x')] }),
    new RemoteError('remote', { remoteName: 'Far', remoteStack: 'Far: remote' }),
  ])('$code', (error) => {
    const arrived = catchOn(error) as TroupeError;
    expect(arrived).toStrictEqual(error);
    expect(arrived).toBeInstanceOf(error.constructor);
    expect(arrived).toBeInstanceOf(TroupeError);
    expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(error));
    expect(arrived).toMatchObject({ code: error.code, name: error.name, stack: error.stack });
    expect(Object.keys(arrived).toSorted()).toStrictEqual(Object.keys(error).toSorted());
  });

  test('hidden properties too', () => {
    expect((catchOn(new WorkerLostError('lost', loss)) as WorkerLostError).stderrTail).toBe('last words');
  });
});

describe('what is not an error', () => {
  test.each([undefined, null, 'text', 0, 10n, { status: 1, when: new Date(2) }, [1]])(
    '%s arrives as it is',
    (thrown) => {
      expect(catchOn(thrown)).toStrictEqual(thrown);
    },
  );

  test.each<[string, unknown, object]>([
    ['a function', broken, { message: /the function broken/, remoteName: 'function' }],
    ['an arrow', [() => 1][0], { message: /a function/, remoteName: 'function' }],
    ['a symbol', Symbol('s'), { message: /the symbol Symbol\(s\)/, remoteName: 'symbol' }],
    ['a Proxy', new Proxy({}, {}), { message: /a Proxy/ }],
    ['a Proxy of an error', new Proxy(new Error('x'), {}), { message: /a Proxy/ }],
    ['a Promise', Promise.resolve(), { message: /an instance of class Promise/, remoteName: 'Promise' }],
    [
      'data with a function',
      { status: 4, fn() {} },
      { message: /an object/, status: 4, unsentFields: ['fn'] },
    ],
  ])('%s is described', (_name, thrown, { message, ...rest }: { message?: RegExp }) => {
    const arrived = catchOn(thrown) as RemoteError;
    expect(arrived).toBeInstanceOf(RemoteError);
    expect(arrived).toMatchObject(rest);
    expect(arrived.message).toMatch(message ?? '');
    expect(arrived.message).toMatch(/^The task threw .* Throw an Error/);
  });

  test('what is too large to be written is described', () => {
    const stringify = vi.spyOn(JSON, 'stringify').mockImplementationOnce(() => {
      throw new RangeError('Invalid string length');
    });
    const encoded = encodeThrown(['large'], at);
    stringify.mockRestore();
    expect(arrive(encoded)).toMatchObject({
      name: 'RemoteError',
      message:
        'The task threw an instance of class Array too large to be sent. Throw less, or bytes as a Buffer.',
    });
  });
});

test('errors are values too', () => {
  const error = Object.assign(new RangeError('x'), { code: 'E' });
  expect(roundTrip(new Map([[error, [error]]]))).toStrictEqual(new Map([[error, [error]]]));
  expect(readBySuperJson({ error })).toStrictEqual({ error });
});
