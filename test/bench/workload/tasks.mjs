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

/** Tells which process runs it. */
export function pid() {
  return process.pid;
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
