/** The other end of the bare socketpair: answers frames, one write per frame or one per chunk received. */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { FrameReader, frameParts, kinds, socketOver } from './frames.mjs';
import { bytesOf } from './tasks.mjs';

const isBatched = process.argv[2] === 'batched';

function answer(kind, body) {
  switch (kind) {
    case kinds.echo:
      return Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    case kinds.byteLength:
      return Buffer.from(JSON.stringify(body.byteLength));
    case kinds.bytesOf:
      return bytesOf(JSON.parse(body.toString()));
    // Each message goes to the next child: there is nothing to wait for.
    case kinds.linger:
      return Buffer.from(JSON.stringify(process.pid));
    default:
      return undefined;
  }
}

let answers = [];
const reader = new FrameReader((kind, body) => {
  const parts = frameParts(kind, answer(kind, body));
  if (isBatched) answers.push(...parts);
  else write(parts);
});

const socket = socketOver({ fd: 3 }, (bytes) => {
  reader.push(bytes);
  if (answers.length > 0) write(answers);
  answers = [];
});
socket.on('end', () => process.exit(0));

/** In one system call, without a copy of what is large. */
function write(parts) {
  if (parts.every((part) => part.byteLength < 64 * 1024)) {
    socket.write(Buffer.concat(parts));
    return;
  }
  socket.cork();
  for (const part of parts) socket.write(part);
  socket.uncork();
}
