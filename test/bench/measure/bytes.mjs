/** What it costs to hand binary data to a worker. */
import { median } from '../statistics.mjs';
import { warmUp } from './warm-up.mjs';

const mebibyte = 1024 * 1024;

/** One MiB: a picture. */
export const oneMebibyte = bytesMeasurement({
  name: 'bytes-1-mib',
  title: '1 MiB of bytes',
  bytes: mebibyte,
  sizes: { full: { calls: 30 }, quick: { calls: 10 } },
});

/** 32 MiB: more than any buffer on the way. */
export const manyMebibytes = bytesMeasurement({
  name: 'bytes-32-mib',
  title: '32 MiB of bytes',
  bytes: 32 * mebibyte,
  sizes: { full: { calls: 5 }, quick: { calls: 2 } },
});

function bytesMeasurement({ name, title, bytes, sizes }) {
  return {
    name,
    title,
    about: 'A `Uint8Array` as argument and its length as result, one call at a time, one warm worker.',
    sizes,
    sendsBytes: true,
    metrics: [{ name: 'callMs', label: 'call', unit: 'ms', better: 'lower' }],

    async run(open, { calls }) {
      const pool = open({ workers: 1, sendsBytes: true });
      const argument = new Uint8Array(bytes).fill(7);
      await warmUp(pool, { workers: 1, noops: 100 });
      await checkedCall(pool, argument);
      const elapsedMs = [];
      for (let call = 0; call < calls; call++) {
        const startMs = performance.now();
        await checkedCall(pool, argument);
        elapsedMs.push(performance.now() - startMs);
      }
      return { callMs: median(elapsedMs) };
    },
  };
}

async function checkedCall(pool, argument) {
  const length = await pool.call('byteLength', argument);
  if (length !== argument.byteLength)
    throw new Error(`Sent ${argument.byteLength} bytes, the worker saw ${length}.`);
}
