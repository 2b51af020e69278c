/** A function that holds on to very much is said so of, once, with the way to what is heavy. */
import { once } from 'node:events';
import process from 'node:process';
import { createPool } from 'troupe';
import { expect, test } from 'vitest';

const rows = Array.from({ length: 60_000 }, (_, index) => ({ index, name: `row ${index}` }));
const report = { title: 'rows', body: { rows } };

test('more than 1 MiB with every call is warned of, once for each function', async () => {
  const pool = createPool({ maxWorkers: 1 });
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);
  try {
    const first = once(process, 'warning');
    const count = (): number => report.body.rows.length;
    expect(await pool.submit(count)).toBe(rows.length);
    expect(await pool.submit(count)).toBe(rows.length);
    await first;
    // What is passed is meant to be sent.
    expect(await pool.submit((list) => list.length, rows)).toBe(rows.length);
    await new Promise(setImmediate);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ name: 'TroupeWarning', code: 'TROUPE_LARGE_CLOSURE' });
    expect(warnings[0]?.message).toMatch(
      /captures \d\.\d MiB, most of it by `count → report\.body\.rows` \(\d/u,
    );
  } finally {
    process.off('warning', note);
    await pool.close();
  }
});

test('explain tells how much each part is, and where most of it is', async () => {
  const pool = createPool({ maxWorkers: 1 });
  try {
    const explained = pool.explain(() => `${report.title} ${report.body.rows.length}`);
    expect(explained.by).toBe('value');
    expect(explained.bytes).toBeGreaterThan(1024 * 1024);
    expect(explained.heaviest).toMatchObject({ path: 'closure → report.body.rows', what: 'array' });
    expect(String(explained)).toMatch(
      /^By value: \d\.\d MiB with every call, \d+ B of code once per worker\./u,
    );
    expect(String(explained)).toContain('Most of it: closure → report.body.rows');
    expect(pool.stats().submitted).toBe(0);
  } finally {
    await pool.close();
  }
});

test('bytes are not looked at one by one', async () => {
  const pool = createPool({ maxWorkers: 1 });
  const bytes = new Uint8Array(40_000_000).fill(7);
  try {
    // Passed in a closure they are captured; 40 million properties would be more than V8 lists.
    expect(
      await pool.submit(
        (read) => read(),
        () => bytes.length,
      ),
    ).toBe(bytes.length);
  } finally {
    await pool.close();
  }
});
