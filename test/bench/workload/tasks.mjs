/** The tasks every contender runs: some load this file, others a worker file that registers its exports. */
import net from 'node:net';
import process from 'node:process';

/** Does nothing: what is left is the cost of the pool. */
export function noop() {}

/** Gives its argument back. */
export function echo(value) {
  return value;
}

/** Takes bytes, answers with their number. */
export function byteLength(bytes) {
  return bytes.byteLength;
}

let keptBytes = new Uint8Array();

/** Answers with so many bytes. They are made once: what is measured is how they get back. */
export function bytesOf(count) {
  if (keptBytes.byteLength !== count) keptBytes = new Uint8Array(count).fill(7);
  return keptBytes;
}

/** Tells which process runs it. */
export function pid() {
  return process.pid;
}

/** Tells which worker runs it, be it a process or a thread. */
export function place() {
  return `${process.pid}/${process.getBuiltinModule('node:worker_threads').threadId}`;
}

/** Waits without working, then tells which worker it was. */
export async function linger(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return place();
}

/** Works for so many milliseconds, then tells which worker it was. */
export function spin(ms) {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
  return place();
}

/**
 * Reports its pid to the local port, then waits for one byte that says it may finish: the only way for the
 * measuring side to know, for every library alike, that the task is running.
 */
export async function hold(port) {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(`${process.pid}\n`);
  await new Promise((resolve, reject) => {
    socket.once('data', resolve);
    socket.once('error', reject);
  });
  socket.destroy();
  return process.pid;
}

/** n!, as a BigInt. */
export function factorial(n) {
  let product = 1n;
  for (let factor = 2n; factor <= n; factor++) product *= factor;
  return product;
}

/** An estimate of π from so many random points. */
export function estimatePi(points) {
  let inside = 0;
  for (let point = 0; point < points; point++) if (Math.random() ** 2 + Math.random() ** 2 <= 1) inside++;
  return (4 * inside) / points;
}

let terser;

/** The file at `path`, minified by terser with its defaults. */
export async function minify(path) {
  terser ??= await import('terser');
  const source = process.getBuiltinModule('node:fs').readFileSync(path, 'utf8');
  const { code } = await terser.minify({ [path]: source });
  return code;
}

/** How long the file at `path` is once brotli, at its quality for files that are kept, has compressed it. */
export function compress(path) {
  const { brotliCompressSync } = process.getBuiltinModule('node:zlib');
  return brotliCompressSync(process.getBuiltinModule('node:fs').readFileSync(path)).byteLength;
}
