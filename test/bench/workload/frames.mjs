/** Length-prefixed frames for the bare socketpair: four bytes of length, one of kind, then the body. */

const lengthBytes = 4;

/** What a frame asks for; an answer carries the kind of its question. */
export const kinds = { noop: 0, echo: 1, byteLength: 2, pid: 3 };

/** The bytes of one frame's head and, when there is one, its body (not copied: it may be large). */
export function frameParts(kind, body) {
  const head = Buffer.allocUnsafe(lengthBytes + 1);
  head.writeUInt32LE(1 + (body?.length ?? 0), 0);
  head[lengthBytes] = kind;
  return body === undefined ? [head] : [head, body];
}

/** Cuts a stream of chunks into frames and gives each `(kind, body)` to `onFrame`. */
export class FrameReader {
  #chunks = [];
  #size = 0;
  #onFrame;

  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  push(chunk) {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    // Joining at every chunk would make a large frame quadratic: join only when a whole frame has arrived.
    if (this.#size < this.#wanted()) return;
    const bytes = this.#join();
    let at = 0;
    while (bytes.length - at >= lengthBytes) {
      const end = at + lengthBytes + bytes.readUInt32LE(at);
      if (bytes.length < end) break;
      this.#onFrame(bytes[at + lengthBytes], bytes.subarray(at + lengthBytes + 1, end));
      at = end;
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : [];
    this.#size = bytes.length - at;
  }

  #wanted() {
    if (this.#size < lengthBytes) return lengthBytes;
    if (this.#chunks[0].length < lengthBytes) this.#join();
    return lengthBytes + this.#chunks[0].readUInt32LE(0);
  }

  #join() {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0];
  }
}
