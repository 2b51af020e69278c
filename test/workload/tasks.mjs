/* oxlint-disable typescript/no-unsafe-assignment, typescript/strict-boolean-expressions, typescript/prefer-promise-reject-errors -- plain JavaScript has no types to hold on to */
/**
 * The functions of the workload. Each takes a token that no other call has and gives it back, so that a reply
 * to the wrong caller shows. What they do to their own process goes through `body`, which a simulation
 * replaces: it puts an object of the same shape under `Symbol.for('troupe.workload.body')`.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { currentTask } from 'troupe';

const never = new Promise(() => {});

const ownBody = {
  exit: (code) => process.exit(code),
  // A signal to oneself may take a moment; whoever is not dead or stopped by it goes on.
  async signal(name) {
    process.kill(process.pid, name);
    return name === 'SIGSTOP' ? undefined : never;
  },
  wait: (ms, signal) => delay(ms, undefined, { signal }),
  spin(ms) {
    const end = performance.now() + ms;
    while (performance.now() < end);
  },
  leak(error) {
    void Promise.reject(error);
  },
};

const body = () => globalThis[Symbol.for('troupe.workload.body')] ?? ownBody;

/** Bytes that only this token and size make. */
export function bytesOf(token, size) {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) bytes[index] = (token + index * 31) & 255;
  return bytes;
}

/** A number that changes with every byte and its place. */
export function checksumOf(bytes) {
  let sum = 1;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return sum;
}

export const echoes = (token, value) => ({ token, value });

export const adds = (token, left, right) => ({ token, sum: left + right });

export function throws(token) {
  throw Object.assign(new Error(`thrown for ${token}`), { token });
}

/** Throws in every attempt before the given one. */
export function throwsUntil(token, attempt) {
  if (currentTask().attempt < attempt) throws(token);
  return { token };
}

export function fills(token, size) {
  const bytes = bytesOf(token, size);
  return { token, bytes, checksum: checksumOf(bytes) };
}

export const sums = (token, bytes) => ({ token, checksum: checksumOf(bytes), size: bytes.length });

/** Ends at once when it is aborted. */
export async function waits(token, ms) {
  await body().wait(ms, currentTask().signal);
  return { token };
}

export function waitsForAbort() {
  const { signal } = currentTask();
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

export const ignoresAbort = () => never;

export function spins(token, ms) {
  body().spin(ms);
  return { token };
}

export function reports(token, count) {
  for (let index = 0; index < count; index += 1) currentTask().progress({ token, index });
  return { token };
}

export const exits = (_token, code) => body().exit(code);

export const diesOfKill = () => body().signal('SIGKILL');

export const diesOfTerm = () => body().signal('SIGTERM');

/** Goes on when somebody continues its process. */
export async function stopsItself(token) {
  await body().signal('SIGSTOP');
  return { token };
}

/** Returns; what it leaves behind ends its process a moment later. */
export function leaksRejection(token) {
  body().leak(new Error(`leaked by ${token}`));
  return { token };
}

export const blocks = (token, ms) => spins(token, ms);

/** How many tasks a tree has, with its root. */
export function nodesOf(token, depth) {
  if (depth === 0) return 1;
  return 1 + (token % 4 === 3 ? 1 : 2) * nodesOf(token, depth - 1);
}

const ofOne = ({ nodes }) => nodes;

/** The ways in which a task has others do what is below it: each gives the number of tasks. */
const ways = [
  async (pool, own, token, depth) => {
    const both = await Promise.all([
      pool.submit(own.nests, token, depth),
      pool.submit(own.nests, token, depth),
    ]);
    return ofOne(both[0]) + ofOne(both[1]);
  },
  async (pool, own, token, depth) => {
    const first = await pool.submit(own.nests, token, depth);
    return ofOne(first) + ofOne(await pool.submit(own.nests, token, depth));
  },
  async (pool, own, token, depth) => {
    const item = { token, depth };
    let nodes = 0;
    for await (const result of pool.map(own.nestsItem, [item, item], { chunkSize: 1 }))
      nodes += ofOne(result);
    return nodes;
  },
  async (pool, own, token, depth) => {
    let next = 0;
    for await (const { index } of pool.stream(own.counts, token, 20)) {
      if (index !== next) throw new Error(`got ${index} instead of ${next}`);
      next += 1;
    }
    if (next !== 20) throw new Error(`got ${next} of 20 values`);
    return ofOne(await pool.submit(own.nests, token, depth));
  },
];

/** What goes wrong below it is told by its code. Some take their own end on to what they submitted. */
export async function nests(token, depth) {
  if (depth === 0) return { token, nodes: 1 };
  const { pool, signal } = currentTask();
  const own = pool.module(body().url ?? new URL(import.meta.url));
  try {
    const nodes = await ways[token % 4](token % 8 < 4 ? pool : pool.with({ signal }), own, token, depth - 1);
    return { token, nodes: 1 + nodes };
  } catch (error) {
    const below = error.below ?? error.code ?? 'unknown';
    throw Object.assign(new Error(`below ${token}: ${error.message}`), { token, below });
  }
}

export const nestsItem = ({ token, depth }) => nests(token, depth);

export const returnsUnsendable = (token) => ({ token, unsendable: new WeakRef({}) });

/** An item of a map. */
export function doubles({ token, index, fails }) {
  if (fails) throws(token);
  return { token, index, double: index * 2 };
}

export function* counts(token, count) {
  for (let index = 0; index < count; index += 1) yield { token, index };
}

export async function* countsSlowly(token, count) {
  for (let index = 0; index < count; index += 1) {
    await body().wait(1);
    yield { token, index };
  }
}
