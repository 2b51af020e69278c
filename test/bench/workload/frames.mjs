/** Length-prefixed frames for the bare socketpair: four bytes of length, one of kind, then the body. */
import { Buffer } from 'node:buffer';
import net from 'node:net';

const headBytes = 5;
const readBytes = 256 * 1024;
const none = Buffer.alloc(0);

/** What a frame asks for; an answer carries the kind of its question. */
export const kinds = { noop: 0, echo: 1, byteLength: 2, bytesOf: 3, linger: 4 };

/** The bytes of one frame's head and, when there is one, its body (not copied: it may be large). */
export function frameParts(kind, body) {
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(body?.byteLength ?? 0, 0);
  head[headBytes - 1] = kind;
  return body === undefined ? [head] : [head, body];
}

/** A socket over `{ fd }` or `{ handle }` that reads into one piece of memory and gives it to `onBytes`. */
export function socketOver(place, onBytes) {
  const memory = Buffer.allocUnsafeSlow(readBytes);
  const callback = (count) => {
    onBytes(memory.subarray(0, count));
    return true;
  };
  return new net.Socket({ ...place, readable: true, writable: true, onread: { buffer: memory, callback } });
}

/** Cuts bytes into frames and gives each `(kind, body)` to `onFrame`, which may keep only large bodies. */
export class FrameReader {
  #rest = none;
  #large;
  #onFrame;

  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** Keeps nothing of `bytes`: its memory is read into again. */
  push(bytes) {
    const at = this.#large === undefined ? 0 : this.#fillLarge(bytes, 0);
    if (at === bytes.length) return;
    const isWhole = this.#rest.length === 0;
    this.#cut(isWhole ? bytes.subarray(at) : Buffer.concat([this.#rest, bytes.subarray(at)]));
  }

  #cut(bytes) {
    let at = 0;
    while (bytes.length - at >= headBytes) {
      const bodyBytes = bytes.readUInt32LE(at);
      const kind = bytes[at + headBytes - 1];
      const end = at + headBytes + bodyBytes;
      if (bytes.length < end && bodyBytes >= readBytes) {
        this.#large = { kind, body: Buffer.allocUnsafeSlow(bodyBytes), filled: 0 };
        at = this.#fillLarge(bytes, at + headBytes);
        break;
      }
      if (bytes.length < end) break;
      this.#onFrame(kind, bytes.subarray(at + headBytes, end));
      at = end;
    }
    this.#rest = at === bytes.length ? none : Buffer.from(bytes.subarray(at));
  }

  /** Copies straight to where a large body will lie; returns how far it got. */
  #fillLarge(bytes, from) {
    const large = this.#large;
    const count = Math.min(bytes.length - from, large.body.length - large.filled);
    bytes.copy(large.body, large.filled, from, from + count);
    large.filled += count;
    if (large.filled === large.body.length) {
      this.#large = undefined;
      this.#onFrame(large.kind, large.body);
    }
    return from + count;
  }
}
