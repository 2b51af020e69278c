/** Work people use pools for, or publish their figures with, on as many workers as `split` has processes. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { costsOf } from './costs.mjs';
import { allCpuMs } from './process-tree.mjs';
import { warmUp } from './warm-up.mjs';

const workers = 2;
const packages = fileURLToPath(new URL('../../../node_modules/', import.meta.url));

/** Ready-made packages through a minifier. */
export const minify = workMeasurement({
  name: 'minify',
  title: 'Minify packages with terser',
  about: 'Each file of some packages (xstate, zod, immer, dayjs, superjson) is read, minified and sent back.',
  task: 'minify',
  check: (code) => typeof code === 'string' && code.length > 0,
  sizes: { full: { bytes: 500_000 }, quick: { bytes: 150_000 } },
  pieces: ({ bytes }) =>
    filesOf(['xstate/dist', 'zod/v4/core', 'immer/dist', 'dayjs/esm', 'superjson/dist'], {
      pattern: /\.m?js$/u,
      sizeMax: 60_000,
      bytes,
    }),
});

/** A tree of files through a compressor. */
export const compress = workMeasurement({
  name: 'brotli',
  title: 'Brotli over a tree',
  about: 'Each file of a package with many files (lodash) is read and compressed with brotli at quality 11.',
  task: 'compress',
  check: (bytes) => bytes > 0,
  sizes: { full: { bytes: 700_000 }, quick: { bytes: 250_000 } },
  pieces: ({ bytes }) => filesOf(['lodash'], { pattern: /\.js$/u, sizeMax: 60_000, bytes }),
});

/** What poolifier is measured with by its authors. */
export const factorials = workMeasurement({
  name: 'factorial',
  title: '`factorial(1000)`',
  about: "poolifier's own benchmark: the factorial of 1,000 as a BigInt, one task each, 10,000 of them.",
  task: 'factorial',
  check: (product) => typeof product === 'bigint' && product % 1000n === 0n,
  sizes: { full: { pieces: 10_000 }, quick: { pieces: 1500 } },
  pieces: ({ pieces }) => Array.from({ length: pieces }, () => 1000),
});

/** What jest-worker is measured with by its authors. */
export const piEstimates = workMeasurement({
  name: 'load-test',
  title: '10,000 estimates of π',
  about: "jest-worker's own benchmark: π from 10,000 random points, one task each, 10,000 of them.",
  task: 'estimatePi',
  check: (pi) => Math.abs(pi - Math.PI) < 0.2,
  sizes: { full: { pieces: 10_000 }, quick: { pieces: 1500 } },
  pieces: ({ pieces }) => Array.from({ length: pieces }, () => 10_000),
});

function workMeasurement({ task, check, pieces, about, ...rest }) {
  return {
    ...rest,
    about: [
      about,
      'All of it is submitted at once to two workers, and the second time counts, when all code is warm.',
    ],
    limitsMs: { full: 60_000, quick: 15_000 },
    roundsMax: 3,
    floors: ['alone', 'split'],
    metrics: [
      { name: 'elapsedMs', label: 'all of it', unit: 'ms', better: 'lower' },
      { name: 'allCpuMs', label: 'CPU of all processes', unit: 'ms', better: 'lower' },
      {
        name: 'efficiency',
        label: 'of perfect scaling',
        unit: '%',
        better: 'higher',
        // Two workers that lose nothing take half as long as one process alone.
        of: { floor: 'alone', metric: 'elapsedMs', factor: 100 / workers },
        isAlone: true,
      },
    ],

    async run(open, size) {
      const pool = open({ workers, isStructured: true });
      const values = pieces(size);
      const runAll = async () => {
        const results = await (pool.isDealt
          ? pool.map(task, values)
          : Promise.all(values.map((value) => pool.call(task, value))));
        if (results.length !== values.length || !results.every((result) => check(result)))
          throw new Error('A result is wrong.');
      };
      if (!pool.isDealt) await warmUp(pool, { workers, noops: 100 });
      await runAll();
      const cpuBeforeMs = allCpuMs();
      const { elapsedMs } = await costsOf(pool, runAll);
      return { elapsedMs, allCpuMs: cpuBeforeMs === undefined ? undefined : allCpuMs() - cpuBeforeMs };
    },
  };
}

/** Files below the packages' folders, up to so many bytes in all; the largest first, as builds do it. */
function filesOf(folders, { pattern, sizeMax, bytes }) {
  const found = folders.flatMap((folder) =>
    readdirSync(path.join(packages, folder), { recursive: true })
      .filter((file) => pattern.test(file))
      .map((file) => path.join(packages, folder, file)),
  );
  const chosen = [];
  let total = 0;
  for (const file of found.toSorted()) {
    const { size } = statSync(file);
    if (size > sizeMax || size === 0) continue;
    if (total + size > bytes) break;
    total += size;
    chosen.push({ file, size });
  }
  if (chosen.length === 0) process.emitWarning(`No files in ${folders.join(', ')}.`);
  return chosen.toSorted((one, other) => other.size - one.size).map(({ file }) => file);
}
