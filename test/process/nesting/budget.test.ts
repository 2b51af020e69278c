/** Pools made inside workers share one budget: how many workers run at a time, and that all work is done. */
import process from 'node:process';
import { ProtocolError, WorkerLostError } from 'troupe';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { forgeLease, share, shareAndStay, shareBelow, warmUp } from '../../fixtures/jobs/borrows.mjs';
import { givenCpus } from '../../helpers/given-cpus.ts';
import { openMeeting } from '../../helpers/meeting.ts';
import { openPool, workerPidOf } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';

const names = ['a', 'b', 'c', 'd'] as const;
const four = { maxWorkers: 4 };

describe('pools in workers', () => {
  test('of 4 × 4 workers run as many at a time as there are processors', async () => {
    givenCpus(6);
    const meeting = await openMeeting();
    const pool = openPool(four);
    const tasks = names.map((name) => pool.submit(share, meeting.port, name, 8, four));
    // Each has one in its own place, and two are left.
    await meeting.letGoByTurns(6, 8);
    for (const name of names) expect(meeting.present(name).length).toBeGreaterThan(0);
    meeting.end();
    for (const { atOnce, inAll } of await Promise.all(tasks)) {
      expect(atOnce).toBe(1);
      expect(inAll).toBeLessThanOrEqual(4);
    }
    expect(meeting.peak).toBe(6);
  });

  test('do all their work with one worker each, if there are no processors left', async () => {
    givenCpus(1);
    const meeting = await openMeeting();
    const pool = openPool({ maxWorkers: 2 });
    const tasks = ['a', 'b'].map((name) => pool.submit(share, meeting.port, name, 5, four));
    await meeting.whenPresent(2);
    meeting.end();
    expect(await Promise.all(tasks)).toEqual([
      { atOnce: 1, inAll: 1 },
      { atOnce: 1, inAll: 1 },
    ]);
    expect(meeting.peak).toBe(2);
  });

  test('have their first worker in the place of the task that waits for them', async () => {
    givenCpus(4);
    const meeting = await openMeeting();
    const pool = openPool();
    const task = pool.submit(share, meeting.port, 'a', 4, four);
    await meeting.whenPresent(4);
    meeting.end();
    expect(await task).toEqual({ atOnce: 1, inAll: 4 });
  });

  test('share it three pools deep', async () => {
    givenCpus(4);
    const meeting = await openMeeting();
    const pool = openPool();
    const task = pool.submit(shareBelow, meeting.port, ['a', 'b'], 10, four);
    await meeting.whenPresent(1, 'b');
    await meeting.letGoByTurns(4, 8);
    meeting.end();
    for (const { atOnce } of await task) expect(atOnce).toBe(1);
    expect(meeting.peak).toBe(4);
  });

  test('get what a worker had that was killed', async () => {
    givenCpus(5);
    const meeting = await openMeeting();
    const pool = openPool({ maxWorkers: 2 });
    const tasks = ['a', 'b'].map((name) => pool.submit(share, meeting.port, name, 4, four));
    await meeting.whenPresent(5);
    const hasMore = meeting.present('a').length > meeting.present('b').length;
    const [lost, left] = hasMore ? tasks : tasks.toReversed();
    if (lost === undefined || left === undefined) throw new Error('two tasks were submitted');
    const failure = thrownBy(lost);
    process.kill(workerPidOf(pool, lost), 'SIGKILL');
    expect(await failure).toBeInstanceOf(WorkerLostError);
    await meeting.whenPresent(4, hasMore ? 'b' : 'a');
    meeting.end();
    expect((await left).inAll).toBe(4);
  });

  test('let idle workers go when others want to run theirs', async () => {
    givenCpus(4);
    const meeting = await openMeeting();
    const pool = openPool({ maxWorkers: 2 });
    const first = pool.submit(shareAndStay, meeting.port, 'a', 3, { ...four, idleTimeoutMs: Infinity });
    // A second task is there before the first takes all there is.
    const second = pool.submit(share, meeting.port, 'b', 1, four);
    await meeting.whenPresent(1, 'b');
    meeting.letGo(await meeting.whenPresent(3, 'a'));
    await meeting.whenPresent(1, 'a stays');
    meeting.letGo(meeting.present('b'));
    await second;
    const third = pool.submit(share, meeting.port, 'c', 4, four);
    await meeting.whenPresent(3, 'c');
    meeting.letGo(meeting.present('a stays'));
    expect(await first).toEqual({ leases: 0 });
    // Its place is free, too: the worker of the program has nothing to do.
    await meeting.whenPresent(4, 'c');
    meeting.end();
    await third;
  });

  test('have no more processors than the program counts', async () => {
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const meeting = await openMeeting();
    const task = openPool().submit(share, meeting.port, 'a', 4, four);
    await meeting.letGoByTurns(1, 3);
    meeting.end();
    expect(await task).toEqual({ atOnce: 1, inAll: 1 });
  });

  test('warm one worker: leases are for work', async () => {
    givenCpus(8);
    const pool = openPool();
    expect(await pool.submit(warmUp, { minWorkers: 2, maxWorkers: 4 })).toEqual({ leases: 0, workers: 1 });
    expect(pool.stats().leases).toBe(null);
  });

  test('leave the workers of the program alone', async () => {
    givenCpus(1);
    const meeting = await openMeeting();
    const pool = openPool(four);
    const tasks = names.map((name) => pool.submit(share, meeting.port, name, 1, four));
    await meeting.whenPresent(4);
    meeting.end();
    for (const { inAll } of await Promise.all(tasks)) expect(inAll).toBe(1);
  });
});

describe('a child that says what cannot be of leases', () => {
  test.each([
    ['lease', -1],
    ['lease', 0],
    ['lease', 1.5],
    ['lease', 'many'],
    ['lease', null],
    ['unlease', 1],
    ['unlease', Number.MAX_SAFE_INTEGER + 1],
  ])('%s %s is replaced, and its task fails', async (kind, count) => {
    givenCpus(4);
    const pool = openPool();
    const error = await thrownBy(pool.submit(forgeLease, kind, count));
    expect(error).toBeInstanceOf(WorkerLostError);
    expect((error as WorkerLostError).cause).toBeInstanceOf(ProtocolError);
    expect(String((error as WorkerLostError).cause)).toMatch(/Worker 1 .* leases, which cannot be/u);
    expect(await pool.submit((x: number) => x + 1, 1)).toBe(2);
  });
});
