/** `closeOnSignal` closes the pool and then lets the signal end the program; a second one does not wait. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { createPool } from 'troupe';
import { describe, expect, test } from 'vitest';
import { type LifeProgram, startProgram } from '../../helpers/life-programs.ts';
import { openFolder, openPool } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';

interface Plan {
  readonly signals: readonly NodeJS.Signals[];
  readonly options?: object;
  readonly pools?: number;
  readonly endless?: boolean;
  readonly own?: 'on' | 'once';
  readonly undo?: boolean;
  readonly uncaught?: boolean;
  readonly holds?: boolean;
}

interface Started extends LifeProgram {
  readonly workers: readonly number[];
  open(): void;
}

async function start(plan: Plan): Promise<Started> {
  const gate = join(openFolder(), 'gate');
  const program = startProgram('closes-on-signal.mjs', JSON.stringify({ ...plan, gate }));
  const workers = await program.nextLine<number[]>();
  expect(workers).toHaveLength(plan.pools ?? 1);
  return { ...program, workers, open: () => writeFileSync(gate, '') };
}

describe.skipIf(process.platform === 'win32')('a program whose pool closes on a signal', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const)(
    'drains, and then ends by %s',
    async (signal) => {
      const program = await start({ signals: ['SIGTERM', signal], holds: true });
      process.kill(program.pid, signal);
      expect(await program.nextLine()).toBe('pool0 draining');
      program.open();
      const lines = [await program.nextLine(), await program.nextLine()];
      expect(lines).toEqual([['pool0'], 'pool0 closed']);
      expect(await program.ended).toBe(signal);
      expect(await survivorsOf(program.workers)).toEqual([]);
    },
  );

  test('does not wait longer than it was told', async () => {
    const program = await start({ signals: ['SIGTERM'], options: { timeoutMs: 50 }, endless: true });
    process.kill(program.pid, 'SIGTERM');
    expect(await program.nextLine()).toBe('pool0 draining');
    expect(await program.nextLine()).toEqual(['ERR_TROUPE_POOL_CLOSED']);
    expect(await program.ended).toBe('SIGTERM');
    expect(await survivorsOf(program.workers)).toEqual([]);
  });

  test.for<[first: NodeJS.Signals, second: NodeJS.Signals]>([
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
  ])('%s and then %s: the second kills at once', async ([first, second]) => {
    const options = { timeoutMs: 600_000 };
    const program = await start({ signals: ['SIGTERM', 'SIGINT'], options, endless: true, holds: true });
    process.kill(program.pid, first);
    expect(await program.nextLine()).toBe('pool0 draining');
    process.kill(program.pid, second);
    expect(await program.nextLine()).toEqual(['ERR_TROUPE_POOL_CLOSED']);
    expect(await program.nextLine()).toBe('pool0 closed');
    expect([first, second]).toContain(await program.ended);
    expect(await survivorsOf(program.workers)).toEqual([]);
  });

  test('what is killed and awaited by nobody who catches: still the signal, and no stack', async () => {
    const program = await start({ signals: ['SIGINT'], options: { timeoutMs: 0 }, uncaught: true });
    process.kill(program.pid, 'SIGINT');
    expect(await program.ended).toBe('SIGINT');
    expect(await program.stderr).toBe('');
    expect(await survivorsOf(program.workers)).toEqual([]);
  });

  test('Ctrl-C reaches the parent alone: its tasks end well', async () => {
    const program = await start({ signals: ['SIGINT'] });
    process.kill(-program.pid, 'SIGINT');
    expect(await program.nextLine()).toBe('pool0 draining');
    program.open();
    expect(await program.nextLine()).toEqual(['pool0']);
    expect(await program.ended).toBe('SIGINT');
  });

  test('three pools close before it ends', async () => {
    const program = await start({ signals: ['SIGTERM'], pools: 3, holds: true });
    process.kill(program.pid, 'SIGTERM');
    const names = ['pool0', 'pool1', 'pool2'];
    for (const name of names) expect(await program.nextLine()).toBe(`${name} draining`);
    program.open();
    const lines = [1, 2, 3, 4].map(() => program.nextLine());
    expect(new Set(await Promise.all(lines))).toEqual(
      new Set([names, ...names.map((name) => `${name} closed`)]),
    );
    expect(await program.ended).toBe('SIGTERM');
  });

  test.each(['on', 'once'] as const)('if it listens itself (%s), the pool only closes', async (own) => {
    const program = await start({ signals: ['SIGTERM'], own });
    process.kill(program.pid, 'SIGTERM');
    const first = [await program.nextLine(), await program.nextLine()];
    expect(first).toEqual(['pool0 draining', 'own handler']);
    program.open();
    expect([await program.nextLine(), await program.nextLine()]).toEqual([['pool0'], 'pool0 closed']);
    expect(await program.nextLine()).toEqual([own === 'on' ? 1 : 0]);
    expect(await program.ended).toBe(0);
  });

  test('exit: true ends it all the same, exit: false never', async () => {
    const ends = await start({ signals: ['SIGTERM'], own: 'on', options: { exit: true }, holds: true });
    process.kill(ends.pid, 'SIGTERM');
    ends.open();
    expect(await ends.ended).toBe('SIGTERM');
    const stays = await start({ signals: ['SIGTERM'], options: { exit: false } });
    process.kill(stays.pid, 'SIGTERM');
    stays.open();
    expect(await stays.ended).toBe(0);
  });

  test('after it is undone, the signal does what it always did', async () => {
    const program = await start({ signals: ['SIGTERM'], undo: true, endless: true });
    process.kill(program.pid, 'SIGTERM');
    expect(await program.ended).toBe('SIGTERM');
    expect(await survivorsOf(program.workers)).toEqual([]);
  });
});

test('a pool that is closed listens no more; several share one listener', async () => {
  const before = process.listenerCount('SIGUSR2');
  const pools = Array.from({ length: 20 }, () => openPool());
  const undos = pools.map((pool) => pool.closeOnSignal(['SIGUSR2', 'SIGUSR2'], { exit: false }));
  expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
  undos[0]?.();
  await Promise.all(pools.slice(1).map((pool) => pool.close()));
  expect(process.listenerCount('SIGUSR2')).toBe(before);
  await pools[0]?.close();
  pools[0]?.closeOnSignal('SIGUSR2')();
  expect(process.listenerCount('SIGUSR2')).toBe(before);
});

test('the latest wish for a pool counts', async () => {
  const before = process.listenerCount('SIGUSR2');
  const pool = openPool();
  const [first, second] = [pool.closeOnSignal('SIGUSR2'), pool.closeOnSignal('SIGUSR2', { exit: false })];
  first();
  expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
  second();
  expect(process.listenerCount('SIGUSR2')).toBe(before);
});

test.for<[what: string, signal: unknown, options: object, option: string, says: RegExp]>([
  ['a name that is none', 'SIGNAL', {}, 'signal', /`signal` is 'SIGNAL'/u],
  ['one that nobody can catch', 'SIGKILL', {}, 'signal', /No program can listen/u],
  ['a number', 15, {}, 'signal', /must be 'SIGINT' or/u],
  ['one of several', ['SIGTERM', 'sigint'], {}, 'signal[1]', /`signal\[1\]`/u],
  ['none', [], {}, 'signal', /`signal` is \[\]/u],
  ['a wrong time', 'SIGTERM', { timeoutMs: -1 }, 'timeoutMs', /0 or more/u],
  ['an unknown option', 'SIGTERM', { timeout: 1 }, 'timeout', /Did you mean `timeoutMs`/u],
])('%s is refused at the call', async ([, signal, options, option, says]) => {
  const before = process.listeners('SIGTERM');
  const pool = createPool();
  const call = (): unknown => pool.closeOnSignal(signal as 'SIGTERM', options);
  expect(call).toThrow(expect.objectContaining({ code: 'ERR_TROUPE_INVALID_OPTION', option }) as Error);
  expect(call).toThrow(says);
  expect(process.listeners('SIGTERM')).toEqual(before);
  await pool.close();
});

test('in a worker thread it is refused: signals do not come there', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads';
    const { createPool } = await import(${JSON.stringify(import.meta.resolve('troupe'))});
    try { createPool().closeOnSignal('SIGTERM'); } catch (error) { parentPort.postMessage(error.message); }
  `;
  const thread = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const message = await new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
  });
  expect(message).toContain('main thread only');
  await thread.terminate();
});
