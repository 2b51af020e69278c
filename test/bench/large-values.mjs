/**
 * Sends values near and above every limit and says what became of them, and what both processes needed at
 * their peak (Linux): `node test/bench/large-values.mjs [CASE] [--json]`. Each case has a process of its own;
 * all of them need about 8 GB of free memory.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createPool } from 'troupe';

const mega = 1_000_000;

const sizeOf = (value) => value.byteLength ?? value.length;
const sizesOf = (values) => values.reduce((sum, value) => sum + value.byteLength, 0);
const bufferOf = (size) => Buffer.alloc(size, 1);
const buffersOf = (count, size) => Array.from({ length: count }, () => Buffer.alloc(size, 1));
const textOf = (size, letter) => letter.repeat(size);

const cases = {
  'argument: Buffer of 2.2 GB': (pool) => pool.submit(sizeOf, bufferOf(2_200 * mega)),
  'result: Buffer of 2.2 GB': async (pool) => sizeOf(await pool.submit(bufferOf, 2_200 * mega)),
  'argument: 100 Buffers of 32 MB': (pool) => pool.submit(sizesOf, buffersOf(100, 32 * mega)),
  'result: 100 Buffers of 32 MB': async (pool) => sizesOf(await pool.submit(buffersOf, 100, 32 * mega)),
  'argument: 150 Buffers of 32 MB': (pool) => pool.submit(sizesOf, buffersOf(150, 32 * mega)),
  'result: 150 Buffers of 32 MB': (pool) => pool.submit(buffersOf, 150, 32 * mega),
  'argument: text of 400 MB': (pool) => pool.submit(sizeOf, textOf(400 * mega, 'x')),
  'result: text of 400 MB': async (pool) => sizeOf(await pool.submit(textOf, 400 * mega, 'x')),
  'argument: the longest text': (pool) => pool.submit(sizeOf, textOf(536_870_880, 'x')),
  'argument: text of 300 MB that doubles': (pool) => pool.submit(sizeOf, textOf(300 * mega, '"')),
  'result: text of 300 MB that doubles': (pool) => pool.submit(textOf, 300 * mega, '"'),
  'captured: Buffer of 2.2 GB': (pool) => {
    const captured = bufferOf(2_200 * mega);
    return pool.submit(() => captured.length);
  },
};

function peakBytes() {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? NaN) * 1024;
}

async function run(name) {
  const pool = createPool({ maxWorkers: 1 });
  const startedAt = performance.now();
  const outcome = await cases[name](pool).catch((error) => `${error.code}: ${error.message}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const peaks = { parent: peakBytes(), worker: await pool.submit(peakBytes) };
  const { workersLost } = pool.stats();
  await pool.close();
  return { name, outcome, seconds, peaks, workersLost };
}

const [name = '', ...options] = process.argv.slice(2);
if (name in cases) {
  const report = await run(name);
  const { outcome, seconds, peaks, workersLost } = report;
  const mb = (bytes) => `${Math.round(bytes / mega)} MB`;
  process.stdout.write(
    options.includes('--json')
      ? `${JSON.stringify(report)}\n`
      : `${name}\n  ${outcome}\n  ${seconds.toFixed(1)} s; at its peak the parent had ${mb(peaks.parent)}, ` +
          `the worker ${mb(peaks.worker)}; ${workersLost} workers lost\n`,
  );
} else {
  for (const one of Object.keys(cases))
    execFileSync(process.execPath, ['--no-warnings', fileURLToPath(import.meta.url), one], {
      stdio: 'inherit',
    });
}
