/** A value larger than 2 GiB travels, and needs no more than its own size in each process. */
import { execFile } from 'node:child_process';
import { freemem } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

interface Report {
  readonly outcome: unknown;
  readonly workersLost: number;
  readonly peaks: { readonly parent: number; readonly worker: number };
}

const script = fileURLToPath(new URL('../bench/large-values.mjs', import.meta.url));
const size = 2_200_000_000;
const besidesBytes = 400_000_000;
const needsBytes = 3 * size;

test.skipIf(freemem() < needsBytes)('an argument of 2.2 GB', { timeout: 180_000 }, async () => {
  const args = [script, 'argument: Buffer of 2.2 GB', '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { outcome, workersLost, peaks } = JSON.parse(stdout) as Report;
  expect({ outcome, workersLost }).toEqual({ outcome: size, workersLost: 0 });
  if (process.platform !== 'linux') return;
  expect(peaks.parent).toBeLessThan(size + besidesBytes);
  expect(peaks.worker).toBeLessThan(size + besidesBytes);
});

test(
  'a text that is too long for a header is refused, and the worker serves on',
  { timeout: 60_000 },
  async () => {
    const args = [script, 'result: text of 300 MB that doubles', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const { outcome, workersLost } = JSON.parse(stdout) as Report;
    expect(outcome).toMatch(/^ERR_TROUPE_NOT_SERIALIZABLE: result .* too large to be written as text/u);
    expect(workersLost).toBe(0);
  },
);
