/**
 * The byte layout of a frame, its limits, and the writer that turns the frames of one turn into few buffers.
 */
import { constants } from 'node:buffer';
import { NotSerializableError } from '../errors.ts';

/** A header and the binary values that travel beside it. */
export interface Frame {
  /** A superjson document. */
  readonly header: string;
  /** Each has an `ArrayBuffer` of its own. */
  readonly binaries: readonly Uint8Array[];
}

/** What the largest frame may be. Both ends of a channel need the same limits. */
export interface FrameLimits {
  /** A whole frame, its prefix included. Never above 4 GiB - 1. */
  readonly frameBytesMax: number;
  /** The header as UTF-8. Never above what one string of V8 can hold. */
  readonly headerBytesMax: number;
  readonly binaryCountMax: number;
}

/** The most bytes a frame may have unless a limit says less: what 32 bits can count. */
const FRAME_BYTES_MAX_DEFAULT: number = 2 ** 32 - 1;

/** The most bytes a header may have unless a limit says less: one string of V8, about 512 MiB. */
const HEADER_BYTES_MAX_DEFAULT = constants.MAX_STRING_LENGTH;

/** The most binaries a frame may have unless a limit says less. */
const BINARY_COUNT_MAX_DEFAULT = 2 ** 20;

/** Opens every frame, lowest byte first: one that no UTF-8 text has, two letters, the format's version. */
export const FRAME_MAGIC: number = 0x01_72_74_f7;

/** The magic, the header's length and the number of binaries. */
export const PREFIX_BYTES: number = 12;

/** Each length in the table of the binaries' lengths that follows the prefix. */
export const LENGTH_BYTES: number = 4;

/** The default for each limit not given, and no limit above what the layout can say. */
export function resolveLimits(limits: Partial<FrameLimits>): FrameLimits {
  return {
    frameBytesMax: Math.min(limits.frameBytesMax ?? Infinity, FRAME_BYTES_MAX_DEFAULT),
    headerBytesMax: Math.min(limits.headerBytesMax ?? Infinity, HEADER_BYTES_MAX_DEFAULT),
    binaryCountMax: limits.binaryCountMax ?? BINARY_COUNT_MAX_DEFAULT,
  };
}

/** From here on a binary goes to the socket as it is: a copy costs more than one more buffer to write. */
const REFERENCE_BYTES_MIN = 16 * 1024;

const PAGE_BYTES_MIN = 64 * 1024;
const PAGE_BYTES_MAX = 1024 * 1024;

/**
 * Collects frames until `take`. Small frames are packed one after another into shared pages; a large binary
 * is passed on by reference, so nobody may change, resize or detach it until its bytes were written.
 */
export class FrameBatch {
  readonly #limits: FrameLimits;
  #chunks: Uint8Array[] = [];
  #sealedBytes = 0;
  // A page is written once, front to back, and never reused: a slow socket may hold any part of it.
  #page: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;

  constructor(limits: Partial<FrameLimits> = {}) {
    this.#limits = resolveLimits(limits);
  }

  get isEmpty(): boolean {
    return this.byteLength === 0;
  }

  get byteLength(): number {
    return this.#sealedBytes + this.#end - this.#start;
  }

  /** Adds one frame whole, or throws `NotSerializableError` and adds nothing. */
  add(header: string, binaries: readonly Uint8Array[]): void {
    const headerBytes = Buffer.byteLength(header);
    this.#assertFits(headerBytes, binaries);
    this.#reserve(PREFIX_BYTES + LENGTH_BYTES * binaries.length + headerBytes);
    this.#writeUint32(FRAME_MAGIC);
    this.#writeUint32(headerBytes);
    this.#writeUint32(binaries.length);
    for (const binary of binaries) this.#writeUint32(binary.byteLength);
    this.#page.write(header, this.#end, 'utf8');
    this.#end += headerBytes;
    for (const binary of binaries) this.#addBinary(binary);
  }

  /** The bytes of every frame added since the last call, in order. The batch is empty afterwards. */
  take(): Uint8Array[] {
    this.#seal();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#sealedBytes = 0;
    return chunks;
  }

  #assertFits(headerBytes: number, binaries: readonly Uint8Array[]): void {
    const { frameBytesMax, headerBytesMax, binaryCountMax } = this.#limits;
    if (headerBytes > headerBytesMax)
      throw tooLarge('its part that is not binary', headerBytes, headerBytesMax, 'bytes');
    if (binaries.length > binaryCountMax)
      throw tooLarge('the number of binary values in it', binaries.length, binaryCountMax, 'values');
    let bytes = PREFIX_BYTES + LENGTH_BYTES * binaries.length + headerBytes;
    for (const binary of binaries) bytes += binary.byteLength;
    if (bytes > frameBytesMax) throw tooLarge('the whole of it', bytes, frameBytesMax, 'bytes');
  }

  #addBinary(binary: Uint8Array): void {
    if (binary.byteLength >= REFERENCE_BYTES_MIN) {
      this.#seal();
      this.#chunks.push(binary);
      this.#sealedBytes += binary.byteLength;
    } else if (binary.byteLength > 0) {
      this.#reserve(binary.byteLength);
      this.#page.set(binary, this.#end);
      this.#end += binary.byteLength;
    }
  }

  #writeUint32(value: number): void {
    const page = this.#page;
    page[this.#end] = value;
    page[this.#end + 1] = value >>> 8;
    page[this.#end + 2] = value >>> 16;
    page[this.#end + 3] = value >>> 24;
    this.#end += 4;
  }

  /** Makes room for `bytes` in one piece. Pages grow with the batch, so that a large one has few of them. */
  #reserve(bytes: number): void {
    if (this.#page.length - this.#end >= bytes) return;
    this.#seal();
    const pageBytes = Math.min(Math.max(this.#sealedBytes, PAGE_BYTES_MIN), PAGE_BYTES_MAX);
    this.#page = Buffer.allocUnsafeSlow(Math.max(pageBytes, bytes));
    this.#start = 0;
    this.#end = 0;
  }

  #seal(): void {
    if (this.#end === this.#start) return;
    this.#chunks.push(this.#page.subarray(this.#start, this.#end));
    this.#sealedBytes += this.#end - this.#start;
    this.#start = this.#end;
  }
}

function tooLarge(what: string, value: number, max: number, unit: string): NotSerializableError {
  return new NotSerializableError(
    'the whole message',
    `A message to another process is too large: ${what} has ${value} ${unit}, the limit is ${max}. ` +
      'Send less at a time (a file name, a stream, parts), or large data as binary values.',
  );
}
