/** With `stdio: 'capture'` each line knows the task that wrote it, and comes before that task has settled. */
import { type Pool, type PoolEvents, WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import {
  printAllKinds,
  printAndExit,
  printAndFailOutside,
  printAndKill,
  printBehind,
  printInTurns,
  printLater,
  printLong,
  printMany,
  printPast,
  reportBetweenLines,
  waitForTurns,
} from '../../fixtures/jobs/prints.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { withPool } from '../../helpers/with-pool.ts';

interface Heard {
  readonly lines: PoolEvents['workerOutput'][];
  /** Lines and ends of tasks, in order: the number of the task, and what. */
  readonly story: string[];
  of(taskId: string | undefined, stream?: 'stdout' | 'stderr'): string[];
}

const numberOf = (taskId: string | undefined): string => taskId?.split('/').at(-1) ?? '-';

function listen(pool: Pool): Heard {
  const lines: Heard['lines'] = [];
  const story: string[] = [];
  pool.on('workerOutput', (output) => {
    lines.push(output);
    story.push(`${numberOf(output.taskId)} ${output.line}`);
  });
  pool.on('taskSettled', ({ taskId }) => story.push(`${numberOf(taskId)} settled`));
  return {
    lines,
    story,
    of: (taskId, stream) =>
      lines
        .filter((output) => output.taskId === taskId && (stream ?? output.stream) === output.stream)
        .map(({ line }) => line),
  };
}

test('four tasks that print in turns in one worker', () =>
  withPool({ stdio: 'capture', concurrency: 4 }, async (pool) => {
    const heard = listen(pool);
    const labels = ['a', 'b', 'c', 'd'];
    const ids = await Promise.all(labels.map((label) => pool.submit(printInTurns, label, 3)));
    for (const [at, label] of labels.entries()) {
      expect(heard.of(ids[at], 'stdout')).toEqual(
        [0, 1, 2].map((n) => `${label} ${n}`).concat(`${label} ends`),
      );
      expect(heard.of(ids[at], 'stderr')).toEqual([`${label} ä`, `${label} ä`, `${label} ä`]);
      const number = numberOf(ids[at]);
      expect(heard.story.findLast((line) => line.startsWith(`${number} `))).toBe(`${number} settled`);
    }
    expect(heard.of(undefined)).toEqual([]);
  }));

test('every kind of write does what it does in any process', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    expect(await pool.submit(printAllKinds)).toEqual({
      returned: [true, true, true, true, true],
      called: ['three', 'two'],
      refused: ['ERR_STREAM_NULL_VALUES', 'ERR_INVALID_ARG_TYPE', 'ERR_UNKNOWN_ENCODING'],
    });
    expect(heard.lines.map(({ line }) => line)).toEqual(['plain', 'ä', '\uFFFD\u0000']);
  }));

test('a long line comes in pieces', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    await pool.submit(printLong, 40_000);
    expect(heard.lines.every(({ line }) => line.length <= 16 * 1024)).toBe(true);
    expect(heard.lines.map(({ line }) => line).join('')).toBe('x'.repeat(40_000));
  }));

test('100,000 lines out of one loop, all of them before the end', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    await pool.submit(printMany, 100_000);
    expect(heard.lines).toHaveLength(100_000);
    expect(heard.lines.findIndex(({ line }, at) => line !== String(at))).toBe(-1);
    expect(new Set(heard.lines.map(({ taskId }) => taskId)).size).toBe(1);
    expect(heard.story.at(-1)).toBe('1 settled');
  }));

test('progress comes where it was reported', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    await pool
      .with({ onProgress: (value) => heard.story.push(`progress ${String(value)}`) })
      .submit(reportBetweenLines);
    expect(heard.story).toEqual(['1 before', 'progress between', '1 after', '1 settled']);
  }));

test('a line behind something large waits its turn, and the writer is told', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    await pool.with({ onProgress: () => heard.story.push('progress') }).submit(printBehind, 900 * 1024);
    expect(heard.story).toEqual(['progress', '1 behind', '1 drained', '1 settled']);
  }));

test('a line behind something huge takes the pipe', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    await pool.submit(waitForTurns, 20);
    const heard = listen(pool);
    await pool.submit(printBehind, 64 * 1024 * 1024);
    while (heard.lines.length === 0) await pool.submit(waitForTurns, 1);
    expect(heard.lines.map(({ line }) => line)).toEqual(['behind']);
  }));

test('nothing is lost by process.exit() right after a write', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    const error = await rejectionOf(pool.submit(printAndExit, 3), WorkerLostError);
    expect(heard.of(error.taskId, 'stdout')).toEqual(['one', 'two']);
    expect(heard.of(error.taskId, 'stderr')).toEqual(['three']);
    expect(heard.story.at(-1)).toBe('1 settled');
    expect(error.stderrTail).toBe('three\n');
  }));

test('nothing is lost by SIGKILL right after a write', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    await rejectionOf(pool.submit(printAndKill), WorkerLostError);
    expect(heard.story).toEqual(['1 last words', '1 settled']);
  }));

test('what comes before an error that nobody catches, and the error itself', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    const error = await rejectionOf(pool.submit(printAndFailOutside), WorkerLostError);
    expect(heard.story.slice(0, 2)).toEqual(['1 before', '1 in the timer']);
    expect(error.stderrTail).toContain('nobody catches this');
    expect(heard.lines.some(({ line }) => line.includes('nobody catches this'))).toBe(true);
  }));

test('what is printed past troupe is of the only task that can have printed it', () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard = listen(pool);
    const first = await pool.submit(printPast, 'first');
    while (heard.lines.length < 2) await pool.submit(waitForTurns, 1);
    expect(new Set(heard.lines.map(({ line }) => line))).toEqual(
      new Set(['first by descriptor', 'first by another process']),
    );
    for (const { taskId } of heard.lines) expect([first, undefined]).toContain(taskId);
  }));

test('what a task leaves behind prints for nobody', () =>
  withPool({ stdio: 'capture', concurrency: 2 }, async (pool) => {
    const heard = listen(pool);
    await pool.submit(printLater, 'later');
    while (heard.lines.length === 0) await pool.submit(waitForTurns, 5);
    expect(heard.lines[0]).toMatchObject({ line: 'later', taskId: undefined });
  }));
