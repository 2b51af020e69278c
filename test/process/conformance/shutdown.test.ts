/** Pools are closed, terminated, left and forgotten, with work of every kind under way (D). */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import {
  createPool,
  getReusablePool,
  type Pool,
  PoolClosedError,
  registerSerializer,
  type Task,
  WorkerLostError,
} from 'troupe';
import { expect } from 'vitest';
import { asksTwo, descends } from '../../fixtures/conformance/nested.mjs';
import { startsChain } from '../../fixtures/conformance/tasks.mjs';
import { end, takes, Trap, trapSerializer } from '../../fixtures/conformance/traps.mjs';
import { add, echo, echoAfter, workerPid } from '../../fixtures/life/answers.mjs';
import { echoesOnceThereIs, spins } from '../../fixtures/life/blocks.mjs';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder, whenStarted } from '../../helpers/open-pool.ts';
import { processLetter, waitUntil } from '../../helpers/processes.ts';
import { rejectionOf, thrownBy } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('shutdown');
registerSerializer(Trap, trapSerializer);

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Whether there is no such process, or nothing of it but what its parent has not asked for yet. */
const isDead = (pid: number): boolean => [undefined, 'Z', 'X'].includes(processLetter(pid));

scenario('D60', async ({ open }) => {
  const pool = open();
  await pool.submit(echo, 1);
  await pool.close();
  expect(await rejectionOf(pool.submit(echo, 2), PoolClosedError)).toMatchObject({
    code: 'ERR_TROUPE_POOL_CLOSED',
  });
});

scenario('D61', async () => {
  for (let round = 0; round < 5; round += 1) {
    const pool = createPool({ maxWorkers: 4, stdio: 'ignore' });
    const refused = thrownBy(pool.submit(takes, new Trap('encode', 'throws')));
    await pool.close();
    expect(await refused).toMatchObject({ message: 'thrown in the trap' });
    expect(pool.workers).toEqual([]);
  }
});

scenario('D63', async () => {
  const folder = openFolder();
  const program = startProgram('../conformance/leaves-early.mjs', 'writes', folder);
  expect([await program.ended, await program.stderr]).toEqual([0, '']);
  expect(readdirSync(folder)).toHaveLength(8);
});

scenario('D64', async () => {
  const program = startProgram('../conformance/leaves-early.mjs', 'closes');
  expect(await program.nextLine()).toBe('printed by the task');
  expect([await program.ended, await program.stderr]).toEqual([0, '']);
});

scenario('D65', async ({ open }) => {
  const pool = open();
  const refused = pool.submit(takes, new Trap('encode', 'throws'));
  const closed = pool.close();
  expect(await thrownBy(refused)).toMatchObject({ message: 'thrown in the trap' });
  await closed;
  expect(pool.state).toBe('closed');
});

scenario('D66', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const gate = join(openFolder(), 'gate');
  const tasks = numbersTo(10).map((index) => pool.submit(echoesOnceThereIs<number>, gate, index));
  await Promise.all(tasks.slice(0, 2).map((task) => whenStarted(pool, task)));
  const closed = pool.close();
  await rejectionOf(pool.submit(echo, 1), PoolClosedError);
  expect(new Set(tasks.map(({ state }) => state))).toEqual(new Set(['running', 'queued']));
  writeFileSync(gate, '');
  expect(await Promise.all(tasks)).toEqual(numbersTo(10));
  await closed;
});

for (const [id, how] of [
  ['D67', 'close'],
  ['D68', Symbol.asyncDispose],
] as const) {
  scenario(id, { needsLinux: true }, async ({ open }) => {
    const pool = open({ maxWorkers: 3, minWorkers: 3 });
    await pool.submit(echo, 1);
    const pids = pool.workers.map(({ pid }) => pid ?? 0);
    await pool[how]();
    expect(pids).toHaveLength(3);
    expect(pids.map(isDead)).toEqual([true, true, true]);
  });
}

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Collects garbage until the processes are gone. */
async function expectToEndForgotten(pids: readonly number[]): Promise<void> {
  expect(pids).not.toEqual([]);
  await waitUntil('the workers of the forgotten pool are gone', () => {
    collectGarbage();
    return pids.every(isDead);
  });
}

/** Its listener is made where no other function holds the pool: those of one place share what they hold. */
function notePids(pool: Pool, pids: Set<number>): void {
  pool.on('workerReady', ({ pid = 0 }) => pids.add(pid));
}

scenario('D69', { needsLinux: true }, async () => {
  const useAndForget = async (): Promise<number> => createPool({ maxWorkers: 1 }).submit(workerPid);
  await expectToEndForgotten([await useAndForget()]);
});

scenario('D69', { detail: 'but not what was made of it', needsLinux: true }, async () => {
  const useForLong = async (): Promise<number> => {
    const submitter = createPool({ maxWorkers: 1, stdio: 'ignore' }).with({ name: 'still served' });
    const pid = await submitter.submit(workerPid);
    for (let round = 0; round < 10; round += 1) {
      await nextTurn();
      collectGarbage();
    }
    expect(await submitter.submit(workerPid)).toBe(pid);
    return pid;
  };
  await expectToEndForgotten([await useForLong()]);
});

scenario('D70', { needsLinux: true }, async () => {
  const pids = new Set<number>();
  const useAndForget = (): Task<number>[] => {
    const pool = createPool({ maxWorkers: 2, stdio: 'ignore' });
    notePids(pool, pids);
    return numbersTo(10).map((index) => pool.submit(echoAfter<number>, 50, index));
  };
  const tasks = useAndForget();
  await nextTurn();
  collectGarbage();
  expect(await Promise.all(tasks)).toEqual(numbersTo(10));
  await expectToEndForgotten([...pids]);
});

scenario('D71', { needsLinux: true }, async () => {
  const gate = join(openFolder(), 'gate');
  const pids = new Set<number>();
  const useAndForget = (): { done: Task<number>[]; crash: Task<never> } => {
    const pool = createPool({ maxWorkers: 1, stdio: 'ignore' });
    notePids(pool, pids);
    const done = numbersTo(5).map((index) => pool.submit(echo<number>, index));
    void pool.submit(echoesOnceThereIs, gate, 'open');
    return { done, crash: pool.submit(end, 'segfaults') };
  };
  const { done, crash } = useAndForget();
  expect(await Promise.all(done)).toEqual(numbersTo(5));
  collectGarbage();
  writeFileSync(gate, '');
  expect(await rejectionOf(crash, WorkerLostError)).toMatchObject({ signal: 'SIGSEGV' });
  await expectToEndForgotten([...pids]);
});

scenario('D72', async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const tasks = numbersTo(100).map((index) => pool.submit(echoAfter<number>, 60_000, index));
  await Promise.all(tasks.slice(0, 2).map((task) => whenStarted(pool, task)));
  const errors = Promise.all(tasks.map((task) => rejectionOf(task, PoolClosedError)));
  await pool.terminate();
  expect(new Set(await errors).size).toBe(100);
});

scenario('D73', async ({ open }) => {
  const pool = open();
  const folder = openFolder();
  const task = pool.submit(descends, folder, 3);
  await waitUntil('four processes are nested', () => readdirSync(folder).length === 4);
  const error = rejectionOf(task, PoolClosedError);
  await pool.terminate();
  await error;
});

scenario('D74', async ({ open }) => {
  const old = getReusablePool({ maxWorkers: 1, stdio: 'ignore' });
  const endless = old.submit(spins);
  await whenStarted(old, endless);
  const error = rejectionOf(endless, PoolClosedError);
  const next = getReusablePool({ maxWorkers: 1, stdio: 'ignore', env: { ...process.env, NEW: '1' } });
  await old.terminate();
  await error;
  expect(next).not.toBe(old);
  expect(await next.submit(add, 40, 2)).toBe(42);
  await next.close();
  await open().submit(echo, 1);
});

scenario('D75', async () => {
  const program = startProgram('../conformance/leaves-early.mjs', 'nests');
  expect(await program.nextLine()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  expect([await program.ended, await program.stderr]).toEqual([0, '']);
});

scenario('D75', { detail: 'the pool above is closed' }, async ({ open }) => {
  const pool = open({ maxWorkers: 2 });
  const answers = Promise.all([pool.submit(asksTwo, 1), pool.submit(asksTwo, 3)]);
  await pool.close();
  expect(await answers).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

scenario('D76', async () => {
  const program = startProgram('../conformance/leaves-early.mjs', 'nestsAndFails');
  expect(await program.nextLine()).toEqual({ name: 'RangeError', message: 'from below' });
  expect([await program.ended, await program.stderr]).toEqual([0, '']);
});

scenario('D77', { needsLinux: true }, async ({ open }) => {
  const pool = open();
  const file = join(openFolder(), 'chain');
  const task = pool.submit(startsChain, file, 5);
  const error = rejectionOf(task, PoolClosedError);
  const pidsOf = (): number[] => readFileSync(file, 'utf8').trimEnd().split('\n').map(Number);
  await whenStarted(pool, task);
  await waitUntil('five processes have begun', () => {
    try {
      return pidsOf().length === 5;
    } catch {
      return false;
    }
  });
  const pids = pidsOf();
  expect(pids.some(isDead)).toBe(false);
  await pool.terminate();
  await error;
  await waitUntil('all of them are dead', () => pids.every(isDead));
});
