/**
 * The process of one round of the closure bench: `closures-once.mjs <part> <size>` prints its values as JSON.
 * All calls are measured by turns, in slices, so that a slow moment is nobody's alone.
 */
import process from 'node:process';
import { createPool } from 'troupe';
import { encodeCall } from '../../dist/src/codec/call.js';
import { Rebuilder } from '../../dist/src/codec/closure/rebuild/rebuilder.js';
import { median } from './statistics.mjs';
import { closures } from './workload/closures.mjs';

const [part, size] = process.argv.slice(2);
const slices = size === 'quick' ? 3 : 10;
const callsPerSlice = 200;
const capturesOfMemory = size === 'quick' ? 5000 : 100_000;
const capturesBefore = 5000;

const parts = { encode, rebuild, roundTrip, memory };

function encode() {
  return sliced((make) => () => encodeCall(make(), [1]));
}

/** What a child does with what it got. */
function rebuild() {
  const captured = closures.filter(({ make }) => encodeCall(make(), [1]).captured !== null);
  const rebuilder = new Rebuilder({
    importModule: (specifier) => import(specifier),
    signal: () => undefined,
  });
  return sliced((make) => {
    const { graph, units } = encodeCall(make(), [1]).captured;
    for (const unit of units) rebuilder.addUnit(unit);
    return () => rebuilder.rebuild(JSON.parse(graph.json), graph.binaries);
  }, captured);
}

/** One call at a time, in one warm worker. */
async function roundTrip() {
  const pool = createPool({ maxWorkers: 1 });
  const elapsedUs = new Map(closures.map(({ name }) => [name, []]));
  for (let slice = 0; slice <= slices; slice++)
    for (const { name, make } of closures)
      for (let call = 0; call < callsPerSlice; call++) {
        const startMs = performance.now();
        await pool.submit(make(), 1);
        if (slice > 0) elapsedUs.get(name).push((performance.now() - startMs) * 1000);
      }
  await pool.close();
  return Object.fromEntries([...elapsedUs].map(([name, all]) => [name, median(all)]));
}

/** Megabytes of heap before and after many captures of new closures, each time after a collection. */
async function memory() {
  const { make } = closures.find(({ name }) => name === '3 captures');
  const before = await heapAfter(capturesBefore, make);
  return { before, captures: capturesOfMemory, after: await heapAfter(capturesOfMemory, make) };
}

async function heapAfter(captures, make) {
  for (let capture = 0; capture < captures; capture++) {
    encodeCall(make(), [1]);
    if (capture % callsPerSlice === 0) await turn();
  }
  // What V8 was asked about is let go a moment later.
  await new Promise((resolve) => setTimeout(resolve, 100));
  globalThis.gc();
  return process.memoryUsage().heapUsed / 1e6;
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Microseconds of CPU per call: the median of slices that take turns. */
function sliced(prepare, measured = closures) {
  const runs = measured.map(({ name, make }) => ({ name, run: prepare(make), each: [] }));
  for (let slice = 0; slice <= slices; slice++)
    for (const { run, each } of runs) {
      const cpuBefore = process.cpuUsage();
      for (let call = 0; call < callsPerSlice; call++) run();
      const { user, system } = process.cpuUsage(cpuBefore);
      if (slice > 0) each.push((user + system) / callsPerSlice);
    }
  return Object.fromEntries(runs.map(({ name, each }) => [name, median(each)]));
}

process.stdout.write(JSON.stringify(await parts[part]()));
process.exit();
