/** The two things kept of what a process writes: its lines, and the end of it. */
import { StringDecoder } from 'node:string_decoder';

const lineLengthLimit = 16 * 1024;

/** The end of a stream of bytes. */
export class Tail {
  readonly #limitBytes: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    const all = chunk.length >= this.#limitBytes ? chunk : Buffer.concat([this.#bytes, chunk]);
    // A copy: a slice would keep the whole chunk in memory for as long as the child lives.
    this.#bytes = Buffer.from(all.subarray(-this.#limitBytes));
  }

  toString(): string {
    let start = 0;
    while (start < 3 && isUtf8Continuation(this.#bytes[start])) start += 1;
    // A decoder that is never ended keeps back a last character that is not complete yet.
    return new StringDecoder('utf8').write(this.#bytes.subarray(start));
  }
}

function isUtf8Continuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

/** Cuts a stream into lines. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #emit: (line: string) => void;
  #partial = '';

  constructor(emit: (line: string) => void) {
    this.#emit = emit;
  }

  push(chunk: Buffer): void {
    this.pushText(this.#decoder.write(chunk));
  }

  pushText(text: string): void {
    const lines = (this.#partial + text).split(/\r?\n/u);
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#emitBounded(line);
    if (this.#partial.length < lineLengthLimit) return;
    this.#emitBounded(this.#partial);
    this.#partial = '';
  }

  end(): void {
    const last = this.#partial + this.#decoder.end();
    this.#partial = '';
    if (last !== '') this.#emitBounded(last);
  }

  #emitBounded(line: string): void {
    if (line.length <= lineLengthLimit) this.#emit(line);
    else for (const [piece] of line.matchAll(longestPiece)) this.#emit(piece);
  }
}

/** In characters, not in code units: no piece ends in half a surrogate pair. */
const longestPiece = new RegExp(`.{1,${lineLengthLimit}}`, 'gsu');
