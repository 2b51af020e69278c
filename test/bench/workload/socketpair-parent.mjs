/** The measuring end of the bare socketpair: a promise per message, answers matched by their order. */
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { FrameReader, frameParts, kinds, socketOver } from './frames.mjs';

const childPath = fileURLToPath(new URL('./socketpair-child.mjs', import.meta.url));

/** Starts `workers` children; `call` deals messages to them in turn. */
export function openSocketpairs({ workers, isBatched }) {
  const lines = Array.from({ length: workers }, () => openLine(isBatched));
  let calls = 0;
  return {
    isJsonOnly: true,
    call: (task, value) => lines[calls++ % workers].ask(task, value),
    close: () => Promise.all(lines.map((line) => line.close())),
  };
}

function openLine(isBatched) {
  const child = spawn(process.execPath, [childPath, isBatched ? 'batched' : 'single'], {
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  const waiting = [];
  let answered = 0;
  const reader = new FrameReader((kind, body) => {
    waiting[answered](valueOf(kind, body));
    // Shifting a long array is slow: an index walks it, and it is emptied when all have been answered.
    if (++answered === waiting.length) answered = waiting.length = 0;
  });
  // The socket Node has made takes no memory to read into: its handle moves to one that does.
  const { _handle: handle } = child.stdio[3];
  const socket = socketOver({ handle }, (bytes) => reader.push(bytes));
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

function valueOf(kind, body) {
  if (kind === kinds.bytesOf) return body;
  return body.length === 0 ? undefined : JSON.parse(body.toString());
}

function writeNow(socket, parts) {
  if (parts.length === 1) {
    socket.write(parts[0]);
    return;
  }
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
  return parts.some((part) => part.byteLength > smallBytes) ? parts : Buffer.concat(parts);
}
