/** What it costs to hand binary data to a worker, and to get it back. */
import { median } from '../statistics.mjs';
import { warmUp } from './warm-up.mjs';

const mebibyte = 1024 * 1024;

/** One MiB: a picture. */
export const oneMebibyte = bytesMeasurement({
  mebibytes: 1,
  sizes: { full: { calls: 30 }, quick: { calls: 10 } },
});

/** 32 MiB: more than any buffer on the way. */
export const manyMebibytes = bytesMeasurement({
  mebibytes: 32,
  sizes: { full: { calls: 5 }, quick: { calls: 2 } },
});

/** 256 MiB: more than one would like to copy. */
export const hundredsOfMebibytes = bytesMeasurement({
  mebibytes: 256,
  sizes: { full: { calls: 2 }, quick: { calls: 1 } },
  limitsMs: { full: 40_000, quick: 15_000 },
  roundsMax: 3,
});

function bytesMeasurement({ mebibytes, ...rest }) {
  const bytes = mebibytes * mebibyte;
  return {
    name: `bytes-${mebibytes}-mib`,
    title: `${mebibytes} MiB of bytes`,
    about: [
      'A `Uint8Array` there and its length back, then a number there and such an array back; one call at a',
      'time, one warm worker. Threads get and give copies, as processes do: a thread could also be handed',
      'the memory itself, which its sender then loses.',
    ],
    floors: ['socketpair', 'fork', 'memcpy'],
    metrics: [
      { name: 'callMs', label: 'as argument', unit: 'ms', better: 'lower' },
      { name: 'resultMs', label: 'as result', unit: 'ms', better: 'lower' },
    ],
    ...rest,

    async run(open, { calls }) {
      const pool = open({ workers: 1, isStructured: true });
      const argument = new Uint8Array(bytes).fill(7);
      await warmUp(pool, { workers: 1, noops: 100 });
      const callMs = await medianCallMs(calls, bytes, () => pool.call('byteLength', argument));
      // Where nothing is sent there is nothing to send back.
      if (pool.isInPlace) return { callMs };
      const resultMs = await medianCallMs(calls, bytes, async () => {
        const result = await pool.call('bytesOf', bytes);
        return result[0] === 7 && result.at(-1) === 7 ? result.byteLength : NaN;
      });
      return { callMs, resultMs };
    },
  };
}

/** Once more than `calls`, of which the first does not count. */
async function medianCallMs(calls, bytes, run) {
  const elapsedMs = [];
  for (let call = 0; call <= calls; call++) {
    const startMs = performance.now();
    const seen = await run();
    if (call > 0) elapsedMs.push(performance.now() - startMs);
    if (seen !== bytes) throw new Error(`Of ${bytes} bytes, ${seen} arrived.`);
  }
  return median(elapsedMs);
}
