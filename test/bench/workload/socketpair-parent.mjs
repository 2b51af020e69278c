/** The measuring end of the bare socketpair: a promise per message, answers matched by their order. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FrameReader, frameParts, kinds } from './frames.mjs';

const childPath = fileURLToPath(new URL('./socketpair-child.mjs', import.meta.url));

/** Starts `workers` children; `call` deals messages to them in turn. */
export function openSocketpairs({ workers, isBatched }) {
  const lines = Array.from({ length: workers }, () => openLine(isBatched));
  let calls = 0;
  return {
    call: (task, value) => lines[calls++ % workers].ask(task, value),
    close: () => Promise.all(lines.map((line) => line.close())),
  };
}

function openLine(isBatched) {
  const child = spawn(process.execPath, [childPath, isBatched ? 'batched' : 'single'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const socket = child.stdio[3];
  const waiting = [];
  let answered = 0;
  const reader = new FrameReader((_kind, body) => {
    waiting[answered](body.length === 0 ? undefined : JSON.parse(body.toString()));
    // Shifting a long array is slow: an index walks it, and it is emptied when all have been answered.
    if (++answered === waiting.length) answered = waiting.length = 0;
  });
  socket.on('data', (chunk) => reader.push(chunk));
  const write = isBatched ? batchedWriter(socket) : (parts) => writeNow(socket, parts);
  return {
    ask: (task, value) =>
      new Promise((resolve) => {
        waiting.push(resolve);
        write(frameParts(kinds[task], bodyOf(task, value)));
      }),
    close: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        socket.end();
      }),
  };
}

function bodyOf(task, value) {
  if (task === 'byteLength') return value;
  return value === undefined ? undefined : Buffer.from(JSON.stringify(value));
}

function writeNow(socket, parts) {
  socket.cork();
  for (const part of parts) socket.write(part);
  socket.uncork();
}

function batchedWriter(socket) {
  let batch = [];
  return (parts) => {
    if (batch.length === 0)
      queueMicrotask(() => {
        writeNow(socket, [joinSmall(batch)].flat());
        batch = [];
      });
    batch.push(...parts);
  };
}

/** One buffer when the parts are small; large bodies are left where they are. */
function joinSmall(parts) {
  const smallBytes = 64 * 1024;
  return parts.some((part) => part.length > smallBytes) ? parts : Buffer.concat(parts);
}
