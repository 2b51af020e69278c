/** What workers write: lines that know their task, silence, and the last words in an error. */
import { Buffer } from 'node:buffer';
import { type PoolEvents, WorkerLostError } from 'troupe';
import { expect, test } from 'vitest';
import { complainAndExit } from '../../fixtures/jobs/dies.mjs';
import { add } from '../../fixtures/jobs/plain.mjs';
import { say } from '../../fixtures/jobs/talks.mjs';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { openGate, withFolder } from '../../helpers/with-folder.ts';
import { withPool } from '../../helpers/with-pool.ts';

type Output = PoolEvents['workerOutput'];

test.each(['stdout', 'stderr'] as const)(
  "stdio: 'capture' tells each line of %s, and whose it is",
  (stream) =>
    withFolder((folder) =>
      withPool({ stdio: 'capture' }, async (pool) => {
        const heard: Output[] = [];
        pool.on('workerOutput', (output) => {
          heard.push(output);
          if (heard.length % 2 === 0) void openGate(`${folder}/gate-${heard.length}`);
        });
        const first = await pool.submit(say, stream, 'one\ntwö\r\n', `${folder}/gate-2`);
        const second = await pool.submit(say, stream, 'three\nfour\n', `${folder}/gate-4`);
        expect(heard.map((output) => output.line)).toEqual(['one', 'twö', 'three', 'four']);
        expect(heard.map((output) => output.taskId)).toEqual([first, first, second, second]);
        expect(new Set(heard.map((output) => output.stream))).toEqual(new Set([stream]));
        expect(heard[0]).toMatchObject({ workerId: 1, pid: pool.workers[0]?.pid });
      }),
    ),
);

test("stdio: 'capture' tells a last line without its end when the process is gone", () =>
  withPool({ stdio: 'capture' }, async (pool) => {
    const heard: string[] = [];
    pool.on('workerOutput', ({ line }) => heard.push(line));
    await rejectionOf(pool.submit(complainAndExit, 'a line\nlast words'), WorkerLostError);
    expect(heard).toEqual(['a line', 'last words']);
    expect(await pool.submit(add, 1, 2)).toBe(3);
  }));

test.each(['capture', 'ignore'] as const)("stdio: '%s' keeps the end of stderr for the error", (stdio) =>
  withPool({ stdio }, async (pool) => {
    const text = `${'x'.repeat(20_000)}\nlast words: ä€😀\n`;
    const error = await rejectionOf(pool.submit(complainAndExit, text), WorkerLostError);
    expect(error.stderrTail.endsWith('\nlast words: ä€😀\n')).toBe(true);
    expect(Buffer.byteLength(error.stderrTail)).toBe(8_192);
    expect(error.message).toMatch(/The end of its stderr:\n(?:.*\n)* {2}\| last words: ä€😀/u);
    expect(Object.keys(error)).not.toContain('stderrTail');
  }),
);

test("stdio: 'ignore' tells nothing", () =>
  withFolder((folder) =>
    withPool({ stdio: 'ignore' }, async (pool) => {
      const heard: Output[] = [];
      pool.on('workerOutput', (output) => heard.push(output));
      await openGate(`${folder}/gate`);
      await pool.submit(say, 'stdout', 'one\n', `${folder}/gate`);
      await pool.submit(say, 'stderr', 'two\n', `${folder}/gate`);
      await pool.close();
      expect(heard).toEqual([]);
    }),
  ));
