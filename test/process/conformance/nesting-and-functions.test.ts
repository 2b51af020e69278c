/** Pools in workers, what workers are given before their first task, and what is sent to them (G). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { NestingError, registerSerializer, WorkerLostError } from 'troupe';
import { expect } from 'vitest';
import { derivesKeys, meets, readsStdin } from '../../fixtures/conformance/tasks.mjs';
import { end } from '../../fixtures/conformance/traps.mjs';
import { recall, remember } from '../../fixtures/jobs/starts.mjs';
import { nests } from '../../fixtures/life/nests.mjs';
import { throwsWithFields } from '../../fixtures/life/throws.mjs';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { runNode } from '../../helpers/reference-programs.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('nesting-and-functions');

scenario('G100', { timeout: 120_000 }, async ({ shared }) => {
  const [deepest, error] = await Promise.all([
    shared.submit(nests, 9, 10),
    rejectionOf(shared.submit(nests, 10, 10), NestingError),
  ]);
  expect(deepest).toBe(9);
  expect(error.message).toContain('11 pools deep');
});

scenario('G101', async ({ open }) => {
  const folder = openFolder();
  const [one, other] = ['one', 'other'].map((name) => join(folder, name)) as [string, string];
  const pool = open({ initialize: { fn: remember, args: [one, 'first', 1] } });
  const second = open({ initialize: { fn: remember, args: [other, 'second'] } });
  expect(await Promise.all([pool.submit(recall), second.submit(recall)])).toEqual([['first', 1], ['second']]);
  await rejectionOf(pool.submit(end, 'segfaults'), WorkerLostError);
  expect(await pool.submit(recall)).toEqual(['first', 1]);
  const lines = [one, other].map((file) => readFileSync(file, 'utf8').trimEnd().split('\n').length);
  expect(lines).toEqual([2, 1]);
});

scenario('G102', async ({ open }) => {
  process.env['TROUPE_TEST_WORD'] = 'at first';
  const inherited = open();
  const overlaid = open({ env: { ...process.env, TROUPE_TEST_WORD: 'its own' } });
  process.env['TROUPE_TEST_WORD'] = 'later';
  try {
    const word = (): string | undefined => process.env['TROUPE_TEST_WORD'];
    expect(await Promise.all([inherited.submit(word), overlaid.submit(word)])).toEqual([
      'at first',
      'its own',
    ]);
  } finally {
    delete process.env['TROUPE_TEST_WORD'];
  }
});

class Amount {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
registerSerializer(Amount, {
  encode: ({ value }) => value + 5,
  decode: (value) => new Amount(value * 7),
});

scenario('G103', async ({ shared }) => {
  expect(await shared.submit(({ value }) => value, new Amount(1))).toBe(42);
  const back = await shared.submit(() => new Amount(1));
  expect([back instanceof Amount, back.value]).toEqual([true, 42]);
});

scenario('G104', async () => {
  const code = `
    import { createPool } from 'troupe';
    const pool = createPool({ maxWorkers: 1 });
    const one = 1;
    console.log(await pool.submit((number) => number + one, 41));
    await pool.close();`;
  expect(await runNode(['--input-type=module', '-e', code])).toBe('42\n');
});

for (const id of ['G104', 'G105']) {
  scenario(id, { detail: 'from a file' }, async () => {
    const program = startProgram('../conformance/main-script.mjs');
    expect(await program.nextLine()).toEqual({ bound: 4, value: 84, made: 43 });
    expect([await program.ended, await program.stderr]).toEqual([0, 'run\n']);
  });
}

scenario('G106', async ({ shared }) => {
  const make = (word: string) => (): string => word;
  const [one, other] = [make('one'), make('other')];
  let current = (): string => one();
  const first = shared.submit(() => current());
  current = () => other();
  const second = shared.submit(() => current());
  expect(await Promise.all([first, second])).toEqual(['one', 'other']);
  const factorial = (number: number): number => (number < 2 ? 1 : number * factorial(number - 1));
  expect(await shared.submit(factorial, 5)).toBe(120);
});

scenario('G109', async ({ shared }) => {
  const error = await rejectionOf(shared.submit(throwsWithFields), RangeError);
  expect(error).toMatchObject({
    name: 'RangeError',
    message: 'too far',
    code: 'E_FAR',
    extra: { distance: 12n },
    cause: { name: 'TypeError', message: 'the deeper reason' },
  });
  expect(error.stack).toMatch(/throws\.mjs:\d+[^]*nesting-and-functions\.test\.ts/u);
});

scenario('G110', { needsLinux: true }, async ({ shared }) => {
  expect(await shared.submit(readsStdin)).toEqual({ status: 0, stdout: '' });
});

scenario('G111', async ({ shared }) => {
  const here = derivesKeys(16);
  const there = [shared.submit(derivesKeys, 16), shared.submit(derivesKeys, 16)];
  expect(await Promise.all([here, ...there])).toEqual([1, 1, 1]);
});

scenario('G113', async ({ open }) => {
  const [profiles, folder] = [openFolder(), openFolder()];
  const pool = open({ maxWorkers: 2, execArgv: ['--cpu-prof', `--cpu-prof-dir=${profiles}`] });
  await Promise.all([pool.submit(meets, folder, 2), pool.submit(meets, folder, 2)]);
  await pool.close();
  const names = readdirSync(profiles);
  expect(names).toHaveLength(2);
  for (const name of names) expect(name).toMatch(/\.cpuprofile$/u);
});
