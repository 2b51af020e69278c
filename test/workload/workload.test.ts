/** The workload itself: plans repeat, and a wrong outcome does not pass for a right one. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  PoolClosedError,
  QueueFullError,
  TaskCancelledError,
  TaskTimeoutError,
  WorkerLostError,
} from 'troupe';
import { openPool } from '../helpers/open-pool.ts';
import type { Call, CallOptions, FunctionName } from './call.ts';
import { callsOf } from './call.ts';
import { planWorkload } from './plan.ts';
import { Random } from './random.ts';
import { runWorkload } from './run.ts';
import { bytesOf, checksumOf } from './tasks.mjs';
import { type CallRecord, problemOfError, problemOfValue, type Surroundings } from './verdict.ts';

const calm: Surroundings = {
  isClosing: false,
  isAbandoning: false,
  mayLoseAny: false,
  mayBreak: false,
  mayBeFull: false,
  hasNested: false,
  mayBeSilent: false,
  killsSilent: false,
  noticesAfterMs: Infinity,
};

function recordOf(
  fn: FunctionName,
  options: CallOptions = {},
  facts: Partial<CallRecord> = {},
): CallRecord & { call: Call } {
  const call = { fn, token: 7, size: 3, options };
  return {
    token: 7,
    options,
    isLate: false,
    submittedAtMs: 1_000,
    isCancelled: false,
    settlements: 0,
    taskId: 'pool/1',
    silentIn: 0,
    attempt: () => 1,
    ...facts,
    call,
  };
}

const lost = (attempt = 1): WorkerLostError =>
  new WorkerLostError('lost', {
    workerId: 1,
    pid: 2,
    exitCode: null,
    signal: 'SIGKILL',
    likelyCause: 'killed',
    stderrTail: '',
    uptimeMs: 1,
    taskId: 'pool/1',
    attempt,
  });

const timedOut = (limitMs: number): TaskTimeoutError =>
  new TaskTimeoutError('late', { taskId: 'pool/1', kind: 'execution', limitMs });

describe('a plan', () => {
  test('is the same for the same seed, and plain data', () => {
    const plan = planWorkload(new Random(5), 300);
    expect(planWorkload(new Random(5), 300)).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(planWorkload(new Random(6), 300)).not.toEqual(plan);
  });

  test('has a token of its own for every call, and a limit for every call without an end', () => {
    const calls = callsOf(planWorkload(new Random(5), 2_000));
    expect(new Set(calls.map(({ token }) => token)).size).toBe(calls.length);
    const endless = calls.filter(({ fn }) => fn === 'waitsForAbort' || fn === 'ignoresAbort');
    expect(endless.length).toBeGreaterThan(0);
    for (const { options } of endless) expect(options.timeoutMs).toBeGreaterThan(0);
  });
});

test('a small plan on a real pool ends without a problem', async () => {
  const pool = openPool({ maxWorkers: 2, execArgv: [] });
  const plan = planWorkload(new Random(11), 40, { weights: { echoes: 3, adds: 3, throws: 1, exits: 1 } });
  const pace = (): Promise<void> => nextTurn();
  const report = await runWorkload(pool, plan, { pace, now: () => performance.now() });
  expect(report.problems).toEqual([]);
  expect(report.settled).toBe(report.submitted);
});

describe('a value', () => {
  test.each<[FunctionName, unknown]>([
    ['echoes', { token: 7, value: 3 }],
    ['adds', { token: 7, sum: 10 }],
    ['fills', { token: 7, bytes: bytesOf(7, 3), checksum: checksumOf(bytesOf(7, 3)) }],
    ['throwsUntil', { token: 7 }],
  ])('of %s is right', (fn, value) => {
    expect(problemOfValue(recordOf(fn), value, calm)).toBeNull();
  });

  test.each<[FunctionName, unknown]>([
    ['echoes', { token: 8, value: 3 }],
    ['echoes', undefined],
    ['adds', { token: 7, sum: 11 }],
    ['fills', { token: 7, bytes: bytesOf(8, 3), checksum: checksumOf(bytesOf(7, 3)) }],
    ['throws', { token: 7 }],
    ['exits', { token: 7 }],
  ])('of %s is wrong: %j', (fn, value) => {
    expect(problemOfValue(recordOf(fn), value, calm)).toMatch('not its result');
  });

  test('of a call that came too late is wrong', () => {
    expect(problemOfValue(recordOf('echoes', {}, { isLate: true }), { token: 7, value: 3 }, calm)).toMatch(
      'closing',
    );
  });
});

describe('an error without a cause is a problem', () => {
  const closed = new PoolClosedError('closed');
  const cancelled = new TaskCancelledError('cancelled', { taskId: 'pool/1' });
  const own = Object.assign(new Error('thrown'), { token: 7 });

  test.each<[string, CallRecord, unknown, Partial<Surroundings>, string | null]>([
    ['lost', recordOf('echoes'), lost(), {}, 'nothing ended'],
    ['lost with faults', recordOf('echoes'), lost(), { mayLoseAny: true }, null],
    ['lost by itself', recordOf('exits'), lost(), {}, null],
    ['lost with retries left', recordOf('exits', { retries: { times: 2 } }), lost(), {}, 'retries left'],
    ['cancelled', recordOf('echoes'), cancelled, {}, 'nobody'],
    ['cancelled on demand', recordOf('echoes', {}, { isCancelled: true }), cancelled, {}, null],
    ['of another task', recordOf('echoes', {}, { taskId: 'pool/2' }), cancelled, {}, 'another task'],
    ['closed', recordOf('echoes'), closed, {}, 'nobody closed'],
    ['closed on demand', recordOf('echoes'), closed, { isAbandoning: true }, null],
    ['timed out', recordOf('waits'), timedOut(20), {}, 'no such time limit'],
    ['timed out early', recordOf('waits', { timeoutMs: 500 }), timedOut(500), {}, 'already'],
    ['timed out in time', recordOf('waits', { timeoutMs: 20 }), timedOut(20), {}, null],
    ['full', recordOf('echoes'), new QueueFullError('full'), {}, 'no limit'],
    ['its own', recordOf('throws'), own, {}, null],
    ['of another function', recordOf('echoes'), own, {}, 'not its own'],
    [
      'with another token',
      recordOf('throws'),
      Object.assign(new Error('thrown'), { token: 8 }),
      {},
      'not its',
    ],
  ])('%s', (_name, record, error, surroundings, problem) => {
    const found = problemOfError(record, error, { ...calm, ...surroundings }, 1_100);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toMatch(problem);
  });
});
