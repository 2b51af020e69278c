/** Errors of captured code that a compiler changed arrive with the positions of its source. */
import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

// In the package, so that the program imports `troupe` by its name.
const folder = fileURLToPath(new URL(`../.samples/positions-${process.pid}`, import.meta.url));
const tsx = createRequire(import.meta.url).resolve('tsx/cli');

/** Its compiler puts all on one line; what is assigned or used by a class becomes longer when it is sent. */
const program = `
import { createPool } from 'troupe';
interface Given { readonly size: number }
let counted = 0;
const limit = 1;
class Job {
  start({ size }: Given): never {
    counted += limit; counted += limit; counted += size;
    throw new RangeError('of a class'); } }
const fail = (given: Given): never => new Job().start(given);
function assigns(given: Given): never {
  counted += 1; counted += given.size;
  throw new RangeError('of an assignment');
}
const caught = (fn: () => unknown): Error => {
  try { fn(); } catch (error) { return error as Error; }
  throw new Error('did not throw');
};
const given = { size: 1 };
const pool = createPool({ maxWorkers: 1 });
const rejected = (fn: (given: Given) => unknown) =>
  pool.submit(fn, given).then(() => undefined, (error) => error);
const wrapped = await rejected((it) => {
  const cause = caught(() => assigns(it));
  throw Object.assign(new Error('outer', { cause }), { inner: caught(() => assigns(it)) });
});
const stacks = {
  class: [caught(() => fail(given)), await rejected(fail)],
  assignment: [caught(() => assigns(given)), await rejected(assigns)],
  cause: [caught(() => assigns(given)), wrapped.cause],
  field: [caught(() => assigns(given)), wrapped.inner],
  result: [caught(() => assigns(given)), await pool.submit((it: Given) => caught(() => assigns(it)), given)],
};
const uncaught = await pool
  .submit((it: Given) => new Promise(() => { setImmediate(() => assigns(it)); }), given)
  .then(() => undefined, (error) => error);
const texts = (error: unknown): string[] =>
  error instanceof Error ? [error.stack ?? '', ...texts(error.cause)] : [];
console.log(JSON.stringify({
  stacks: Object.entries(stacks).map(([name, pair]) => [name, ...pair.map((error) => error?.stack)]),
  uncaught: texts(uncaught).join('\\n'),
  here: stacks.assignment[0].stack,
  explained: JSON.stringify(pool.explain(fail, given)) + String(pool.explain(fail, given)),
}));
await pool.close();
`;

/** What the program prints: a name, the stack of an error here, and that of the same error there. */
interface Shown {
  readonly stacks: readonly (readonly [name: string, mine: string, theirs: string])[];
  readonly uncaught: string;
  readonly here: string;
}

const firstPlaces = (stack: string): string[] => (stack.match(/[^\s(]+:\d+:\d+/gu) ?? []).slice(0, 1);

test('in whatever way an error arrives', async () => {
  await mkdir(folder, { recursive: true });
  try {
    const file = path.join(folder, 'program.mts');
    await writeFile(file, program);
    const { stdout } = await promisify(execFile)(process.execPath, [tsx, file]);
    expect(stdout).not.toContain('troupe-captured');
    const { stacks, uncaught, here } = JSON.parse(stdout) as Shown;
    for (const [name, mine, theirs] of stacks)
      expect([name, ...firstPlaces(theirs)]).toEqual([name, ...firstPlaces(mine)]);
    expect(uncaught).toContain(firstPlaces(here)[0]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
