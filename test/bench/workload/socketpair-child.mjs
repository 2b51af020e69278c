/** The other end of the bare socketpair: answers frames, one write per frame or one per chunk received. */
import net from 'node:net';
import process from 'node:process';
import { FrameReader, frameParts, kinds } from './frames.mjs';

const isBatched = process.argv[2] === 'batched';
const socket = new net.Socket({ fd: 3, readable: true, writable: true });

function answer(kind, body) {
  switch (kind) {
    case kinds.echo:
      return Buffer.from(JSON.stringify(JSON.parse(body.toString())));
    case kinds.byteLength:
      return Buffer.from(JSON.stringify(body.byteLength));
    case kinds.pid:
      return Buffer.from(JSON.stringify(process.pid));
    default:
      return undefined;
  }
}

let answers = [];
const reader = new FrameReader((kind, body) => {
  const parts = frameParts(kind, answer(kind, body));
  if (isBatched) answers.push(...parts);
  else socket.write(Buffer.concat(parts));
});

socket.on('data', (chunk) => {
  reader.push(chunk);
  if (answers.length > 0) socket.write(Buffer.concat(answers));
  answers = [];
});
socket.on('end', () => process.exit(0));
