/** The checks, defaults and messages of every option. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { cpuCount } from '../../src/api/cpu-count.ts';
import {
  checkCloseOptions,
  checkMapOptions,
  checkResizeOptions,
  checkTaskOptions,
  resolvePoolOptions,
  type PoolOptions,
  type TaskOptions,
} from '../../src/api/options.ts';

beforeEach(() => {
  vi.stubEnv('TROUPE_MAX_DEPTH', undefined);
  vi.stubEnv('TROUPE_MAX_CPU_COUNT', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

function refusal(call: () => unknown): InvalidOptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const refusedPool = (options: unknown): InvalidOptionError =>
  refusal(() => resolvePoolOptions(options as PoolOptions));
const refusedTask = (options: unknown): InvalidOptionError =>
  refusal(() => checkTaskOptions(options as TaskOptions, 'pool.with()'));

describe('defaults', () => {
  test('a pool without options has every default', () => {
    expect(resolvePoolOptions()).toEqual({
      name: 'pool',
      maxWorkers: cpuCount(),
      minWorkers: 0,
      idleTimeoutMs: Infinity,
      captureThis: false,
      concurrency: 1,
      maxQueue: Infinity,
      maxQueueBytes: Infinity,
      initialize: undefined,
      env: undefined,
      cwd: undefined,
      execArgv: undefined,
      permissions: undefined,
      limitFlags: [],
      stdio: 'inherit',
      recycle: { tasks: Infinity, rssBytes: Infinity, rssGrowthBytes: Infinity, ageMs: Infinity },
      restarts: { max: 5, withinMs: 10_000 },
      startTimeoutMs: 30_000,
      killGraceMs: 2_000,
      unresponsiveAfterMs: Infinity,
      unresponsive: 'report',
      maxDepth: 10,
      task: {
        timeoutMs: Infinity,
        queueTimeoutMs: Infinity,
        deadline: Infinity,
        signal: undefined,
        retries: { times: 0, on: undefined, backoffMs: 0 },
        priority: 0,
        key: undefined,
        onProgress: undefined,
        name: undefined,
      },
    });
  });

  test('undefined means not given, everywhere', () => {
    const nothing = {
      name: undefined,
      maxWorkers: undefined,
      initialize: undefined,
      restarts: { max: undefined, withinMs: undefined },
      task: { retries: undefined, signal: undefined },
      permissions: undefined,
      resourceLimits: { maxOldGenerationSizeMb: undefined },
    };
    expect(resolvePoolOptions(nothing)).toEqual(resolvePoolOptions({}));
    expect(checkMapOptions({ chunkSize: undefined })).toEqual(checkMapOptions());
    expect(checkCloseOptions({ drain: undefined })).toEqual({ drain: true, timeoutMs: Infinity });
  });

  test('maxWorkers grows to minWorkers when only that is given', () => {
    expect(resolvePoolOptions({ minWorkers: 1_000 })).toMatchObject({ minWorkers: 1_000, maxWorkers: 1_000 });
  });

  test('maxDepth comes from the environment, and the option wins', () => {
    vi.stubEnv('TROUPE_MAX_DEPTH', '3');
    expect(resolvePoolOptions().maxDepth).toBe(3);
    expect(resolvePoolOptions({ maxDepth: 4 }).maxDepth).toBe(4);
    vi.stubEnv('TROUPE_MAX_DEPTH', '-1');
    const error = refusal(() => resolvePoolOptions());
    expect(error.option).toBe('TROUPE_MAX_DEPTH');
    expect(error.message).toContain("'-1'");
  });

  test('objects are copied: a later change does not reach the pool', () => {
    const env: Record<string, string> = { A: '1' };
    const execArgv = ['--expose-gc'];
    const resolved = resolvePoolOptions({ env, execArgv });
    env['A'] = '2';
    execArgv.push('--no-warnings');
    expect(resolved).toMatchObject({ env: { A: '1' }, execArgv: ['--expose-gc'] });
  });

  test('the options of a task fall back on those of its pool, one by one', () => {
    const pool = resolvePoolOptions({ task: { timeoutMs: 5, retries: { times: 2, on: 'error' } } });
    const task = checkTaskOptions({ retries: 1, priority: -Infinity }, 'pool.with()', pool.task);
    expect(task).toMatchObject({
      timeoutMs: 5,
      priority: -Infinity,
      retries: { times: 1, on: undefined, backoffMs: 0 },
    });
    expect(checkTaskOptions({}, 'pool.with()', pool.task)).toEqual(pool.task);
  });
});

describe('values', () => {
  test('a deadline is a moment, as a Date or in milliseconds', () => {
    const moment = new Date(86_400_000);
    expect(checkTaskOptions({ deadline: moment }, 'pool.with()').deadline).toBe(86_400_000);
    expect(checkTaskOptions({ deadline: 5 }, 'pool.with()').deadline).toBe(5);
    expect(refusedTask({ deadline: new Date(Number.NaN) }).message).toContain('Invalid Date');
  });

  test('long and infinite times are allowed', () => {
    expect(resolvePoolOptions({ startTimeoutMs: 2 ** 40, idleTimeoutMs: 0.5 })).toMatchObject({
      startTimeoutMs: 2 ** 40,
      idleTimeoutMs: 0.5,
    });
    expect(checkTaskOptions({ timeoutMs: Infinity, queueTimeoutMs: 0 }, 'pool.with()').timeoutMs).toBe(
      Infinity,
    );
  });

  test.each<[option: string, options: object]>([
    ['name', { name: '' }],
    ['maxWorkers', { maxWorkers: 0 }],
    ['maxWorkers', { maxWorkers: 1.5 }],
    ['maxWorkers', { maxWorkers: Infinity }],
    ['maxWorkers', { maxWorkers: '4' }],
    ['maxWorkers', { maxWorkers: null }],
    ['minWorkers', { minWorkers: -1 }],
    ['minWorkers', { minWorkers: 3, maxWorkers: 2 }],
    ['idleTimeoutMs', { idleTimeoutMs: Number.NaN }],
    ['concurrency', { concurrency: Infinity }],
    ['maxQueue', { maxQueue: -1 }],
    ['maxQueueBytes', { maxQueueBytes: 0 }],
    ['initialize', { initialize: () => {} }],
    ['initialize.fn', { initialize: {} }],
    ['initialize.args', { initialize: { fn: () => {}, args: 'x' } }],
    ['env', { env: { A: 1 } }],
    ['cwd', { cwd: '' }],
    ['execArgv', { execArgv: [1] }],
    ['stdio', { stdio: 'pipe' }],
    ['recycle', { recycle: 5 }],
    ['recycle', { recycle: {} }],
    ['recycle', { recycle: { tasks: undefined } }],
    ['recycle.tasks', { recycle: { tasks: 0 } }],
    ['recycle.rssBytes', { recycle: { rssBytes: 1.5 } }],
    ['recycle.rssGrowthBytes', { recycle: { rssGrowthBytes: '1 GB' } }],
    ['recycle.ageMs', { recycle: { ageMs: 0 } }],
    ['restarts', { restarts: 5 }],
    ['restarts.max', { restarts: { max: Infinity } }],
    ['restarts.withinMs', { restarts: { withinMs: 0 } }],
    ['startTimeoutMs', { startTimeoutMs: 0 }],
    ['killGraceMs', { killGraceMs: Infinity }],
    ['unresponsiveAfterMs', { unresponsiveAfterMs: 0 }],
    ['unresponsive', { unresponsive: 'restart', unresponsiveAfterMs: 1 }],
    ['unresponsive', { unresponsive: 'kill' }],
    ['maxDepth', { maxDepth: 0 }],
    ['task', { task: [] }],
    ['task.retries.times', { task: { retries: { times: -1 } } }],
  ])('a pool refuses a wrong %s: %j', (option, options) => {
    expect(refusedPool(options).option).toBe(option);
  });

  test.each<[option: string, options: object]>([
    ['timeoutMs', { timeoutMs: 0 }],
    ['queueTimeoutMs', { queueTimeoutMs: -1 }],
    ['deadline', { deadline: 'tomorrow' }],
    ['signal', { signal: {} }],
    ['retries', { retries: 1.5 }],
    ['retries', { retries: 'often' }],
    ['retries.times', { retries: {} }],
    ['retries.on', { retries: { times: 1, on: 'always' } }],
    ['retries.backoffMs', { retries: { times: 1, backoffMs: Infinity } }],
    ['priority', { priority: Number.NaN }],
    ['key', { key: '' }],
    ['onProgress', { onProgress: true }],
    ['name', { name: 7 }],
  ])('a task refuses a wrong %s: %j', (option, options) => {
    expect(refusedTask(options).option).toBe(option);
  });

  test('map, resize and close check theirs', () => {
    expect(checkMapOptions({ chunkSize: 'auto', concurrency: Infinity, ordered: false })).toEqual({
      chunkSize: 'auto',
      concurrency: Infinity,
      ordered: false,
    });
    expect(refusal(() => checkMapOptions({ chunkSize: 0 })).message).toBe(
      "pool.map(): the option `chunkSize` is 0, but it must be 'auto' or a whole number of 1 or more.",
    );
    const current = { minWorkers: 2, maxWorkers: 4 };
    expect(checkResizeOptions({ maxWorkers: 3 }, current)).toEqual({ minWorkers: 2, maxWorkers: 3 });
    expect(refusal(() => checkResizeOptions({ maxWorkers: 1 }, current)).option).toBe('minWorkers');
    expect(refusal(() => checkCloseOptions({ timeoutMs: Number.NaN })).option).toBe('timeoutMs');
  });
});

describe('messages', () => {
  test('say where, which option, what was given and what is allowed', () => {
    const error = refusedTask({ retries: { times: 'many' } });
    expect(error).toMatchObject({ code: 'ERR_TROUPE_INVALID_OPTION', option: 'retries.times' });
    expect(error.message).toBe(
      "pool.with(): the option `retries.times` is 'many', but it must be a whole number of 0 or more.",
    );
  });

  test('a long value is shown short', () => {
    expect(refusedPool({ maxWorkers: 'x'.repeat(10_000) }).message.length).toBeLessThan(250);
  });

  test.each([
    [{ maxWorker: 2 }, 'Did you mean `maxWorkers`?'],
    [{ maxworkers: 2 }, 'Did you mean `maxWorkers`?'],
    [{ idelTimeout: 2 }, 'Did you mean `idleTimeoutMs`?'],
    [{ restarts: { maximum: 2 } }, 'The options here are `restarts.max`, `restarts.withinMs`.'],
    [{ task: { retries: { time: 1 } } }, 'Did you mean `task.retries.times`?'],
    [{ zzzzzzzz: 2 }, 'The options here are `minWorkers`'],
    [JSON.parse('{"__proto__": 1}'), 'there is no option `__proto__`'],
  ])('an unknown option %j is answered with "%s"', (options, hint) => {
    expect(refusedPool(options).message).toContain(hint);
  });

  test.each(['inspect'])('%s is announced, not available yet', (name) => {
    const error = refusedPool({ [name]: {} });
    expect(error.option).toBe(name);
    expect(error.message).toContain('not available in this version');
    expect(refusedPool({ [`${name}s`.slice(1)]: 1 }).message).not.toContain(`\`${name}\``);
  });

  test('options that are no object are refused', () => {
    expect(refusedPool(4).message).toBe('createPool(): got 4 instead of an object of options.');
    expect(refusedTask(null).option).toBe('options');
  });
});
