/** A task is sent, runs and is answered; at each of these steps something throws, exits or crashes (A). */
import { type Pool, registerSerializer, type Task, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { type End, end, makes, takes, Trap, trapSerializer } from '../../fixtures/conformance/traps.mjs';
import { add, echo, workerPid } from '../../fixtures/life/answers.mjs';
import { startProgram } from '../../helpers/life-programs.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('crash-matrix');
registerSerializer(Trap, trapSerializer);

/** What the task that goes wrong rejects with. */
const outcomes = {
  throws: { name: 'RangeError', message: 'thrown in the trap' },
  exits: { code: 'ERR_TROUPE_WORKER_LOST', exitCode: 0, signal: null, likelyCause: 'exit' },
  reallyExits: { code: 'ERR_TROUPE_WORKER_LOST', exitCode: 0, signal: null, likelyCause: 'exit' },
  segfaults: {
    code: 'ERR_TROUPE_WORKER_LOST',
    exitCode: null,
    signal: 'SIGSEGV',
    likelyCause: 'native-crash',
  },
} as const;

const encodesArgument = (how: End) => (pool: Pool) => pool.submit(takes, new Trap('encode', how));
const decodesArgument = (how: End) => (pool: Pool) => pool.submit(takes, new Trap('decode', how));
const runs = (how: End) => (pool: Pool) => pool.submit(end, how, 'thrown in the trap');
const encodesResult = (how: End) => (pool: Pool) => pool.submit(() => makes('encode', how));
const decodesResult = (how: End) => (pool: Pool) => pool.submit(() => makes('decode', how));

type Start = (pool: Pool) => Task<unknown>;

const matrix: readonly [number: number, how: End, start: Start][] = [
  [2, 'throws', encodesArgument('throws')],
  [3, 'exits', decodesArgument('exits')],
  [4, 'reallyExits', decodesArgument('reallyExits')],
  [5, 'throws', decodesArgument('throws')],
  [6, 'segfaults', decodesArgument('segfaults')],
  [7, 'segfaults', runs('segfaults')],
  [8, 'exits', runs('exits')],
  [9, 'reallyExits', runs('reallyExits')],
  [10, 'throws', runs('throws')],
  [11, 'segfaults', encodesResult('segfaults')],
  [12, 'exits', encodesResult('exits')],
  [13, 'reallyExits', encodesResult('reallyExits')],
  [14, 'throws', encodesResult('throws')],
  [16, 'throws', decodesResult('throws')],
];

/** Only the one task fails, and costs a worker only if its process is gone. */
async function checkDamage(pool: Pool, how: End, play: () => Promise<void>): Promise<void> {
  const before = pool.stats();
  await play();
  expect(await pool.submit(add, 1, 2)).toBe(3);
  const { state, workersLost } = pool.stats();
  expect([state, workersLost - before.workersLost]).toEqual(['running', how === 'throws' ? 0 : 1]);
}

for (const [number, how, start] of matrix) {
  scenario(`A${number}`, ({ shared }) =>
    checkDamage(shared, how, async () => {
      const [error, sibling] = await Promise.all([thrownBy(start(shared)), shared.submit(echo, 'sibling')]);
      expect(error).toMatchObject(outcomes[how]);
      expect(sibling).toBe('sibling');
    }),
  );

  scenario(`A${number + 16}`, ({ shared }) =>
    checkDamage(shared, how, async () => {
      let answer: number | undefined;
      const inner = shared.submit(echo, 42).then((value) => {
        answer = value;
        return start(shared);
      });
      expect(await thrownBy(inner)).toMatchObject(outcomes[how]);
      expect(answer).toBe(42);
    }),
  );
}

/** The end of the program is the program's own affair; but it takes its workers along. */
const programEnds: readonly [id: string, where: string, how: string][] = [
  ['A1', 'encode', 'directly'],
  ['A15', 'decode', 'directly'],
  ['A17', 'encode', 'inside'],
  ['A31', 'decode', 'inside'],
  ['A34', 'callback', 'directly'],
];

for (const [id, where, how] of programEnds) {
  scenario(id, async () => {
    const program = startProgram('../conformance/exits-by-callback.mjs', where, how);
    expect(await program.nextLine()).toHaveLength(2);
    expect(await program.ended).toBe(0);
  });
}

scenario('A33', async ({ open }) => {
  const pool = open();
  const pid = await pool.submit(workerPid);
  const error = await rejectionOf(
    pool.submit(takes, new Trap('decode', 'throws', 'raised in the child')),
    RangeError,
  );
  expect(error.message).toBe('raised in the child');
  expect(await pool.submit(workerPid)).toBe(pid);
});

scenario('A35', async ({ open }) => {
  const pool = open();
  const task = pool.submit(echo, 'kept');
  const after = task.then(() => {
    throw new TypeError('the callback failed');
  });
  expect(await rejectionOf(after, TypeError)).not.toBeInstanceOf(WorkerLostError);
  expect(await task).toBe('kept');
  expect(await pool.submit(add, 1, 2)).toBe(3);
  expect(pool.stats()).toMatchObject({ fulfilled: 2, rejected: 0, workersLost: 0 });
});
