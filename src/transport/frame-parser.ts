/**
 * Turns received bytes back into frames, whatever pieces they come in. It does no I/O and trusts no length.
 */
import { Buffer } from 'node:buffer';
import { ProtocolError } from '../errors.ts';
import { FRAME_MAGIC, LENGTH_BYTES, PREFIX_BYTES, resolveLimits } from './frame.ts';
import type { FrameLimits } from './frame.ts';

/** Called with each complete frame, in order. It must not throw. */
type FrameListener = (header: string, binaries: readonly Uint8Array[]) => void;

/** The parts of a frame, in order: `lengths` only if there are binaries, `binary` once for each of them. */
type Section = 'prefix' | 'lengths' | 'header' | 'binary';

const MAGIC_BYTES = 4;

/** How much of what is not a frame an error shows. */
const SHOWN_BYTES_MAX = 32;

/**
 * An announced length is believed up to here, and in full once so much has really arrived. Growing by and by
 * would need twice the memory at the last step; what is set aside costs nothing before it is written to.
 */
const TRUSTED_BYTES_MAX = 64 * 1024 * 1024;

/** From here on memory is not zeroed first: nobody sees it before all of it was overwritten. */
const UNZEROED_BYTES_MIN = 64 * 1024;

const noBinaries: readonly Uint8Array[] = Object.freeze([]);

/** Feed it with `push`. Once it threw it is dead: where the next frame would begin is unknown for good. */
export class FrameParser {
  readonly #onFrame: FrameListener;
  readonly #limits: FrameLimits;
  #failure: ProtocolError | null = null;
  #section: Section = 'prefix';
  #sectionBytes = PREFIX_BYTES;
  // A section that spans chunks is gathered here; one that lies within a chunk is read in place.
  #gathered: Uint8Array | null = null;
  #gatheredBytes = 0;
  #headerBytes = 0;
  #header = '';
  #lengths: number[] = [];
  #binaries: Uint8Array[] = [];

  constructor(onFrame: FrameListener, limits: Partial<FrameLimits> = {}) {
    this.#onFrame = onFrame;
    this.#limits = resolveLimits(limits);
  }

  /** True if part of a frame arrived and the rest did not: at the end of input, the frame was cut off. */
  get isMidFrame(): boolean {
    return this.#failure === null && (this.#section !== 'prefix' || this.#gathered !== null);
  }

  /** Calls the listener for each frame now complete. Throws `ProtocolError` if the bytes are not frames. */
  push(chunk: Uint8Array): void {
    if (this.#failure !== null) throw this.#failure;
    const bytes = asBuffer(chunk);
    let offset = this.#gathered === null ? 0 : this.#gather(bytes, 0);
    while (this.#gathered === null && bytes.length - offset >= this.#sectionBytes) {
      const start = offset;
      offset += this.#sectionBytes;
      this.#read(bytes, start, offset);
    }
    if (offset < bytes.length) this.#gather(bytes, offset);
  }

  /** Copies what there is of the current section and reads it once complete. Returns the offset after it. */
  #gather(bytes: Buffer, start: number): number {
    let offset = start;
    let gathered = this.#gathered ?? this.#allocate(Math.min(this.#sectionBytes, TRUSTED_BYTES_MAX));
    while (offset < bytes.length && this.#gatheredBytes < this.#sectionBytes) {
      if (this.#gatheredBytes === gathered.length) gathered = this.#grow(gathered);
      const end = Math.min(bytes.length, offset + gathered.length - this.#gatheredBytes);
      bytes.copy(gathered, this.#gatheredBytes, offset, end);
      this.#gatheredBytes += end - offset;
      offset = end;
    }
    if (this.#section === 'prefix') this.#assertMagic(gathered.subarray(0, this.#gatheredBytes), 0);
    if (this.#gatheredBytes < this.#sectionBytes) {
      this.#gathered = gathered;
    } else {
      this.#gathered = null;
      this.#gatheredBytes = 0;
      // A gathered binary is delivered as it is: its bytes are copied only once.
      if (this.#section === 'binary') this.#addBinary(gathered);
      else this.#read(asBuffer(gathered), 0, this.#sectionBytes);
    }
    return offset;
  }

  #read(bytes: Buffer, start: number, end: number): void {
    switch (this.#section) {
      case 'prefix':
        this.#readPrefix(bytes, start);
        break;
      case 'lengths':
        this.#readLengths(bytes, start, end);
        break;
      case 'header':
        this.#readHeader(bytes, start, end);
        break;
      case 'binary':
        this.#addBinary(this.#copyOf(bytes, start, end));
    }
  }

  #readPrefix(bytes: Buffer, start: number): void {
    this.#assertMagic(bytes, start);
    const headerBytes = readUint32(bytes, start + 4);
    const binaryCount = readUint32(bytes, start + 8);
    const { frameBytesMax, headerBytesMax, binaryCountMax } = this.#limits;
    if (headerBytes > headerBytesMax) this.#fail(tooLarge('a header', headerBytes, headerBytesMax, 'bytes'));
    if (binaryCount > binaryCountMax)
      this.#fail(tooLarge('a frame', binaryCount, binaryCountMax, 'binaries'));
    const frameBytes = PREFIX_BYTES + LENGTH_BYTES * binaryCount + headerBytes;
    if (frameBytes > frameBytesMax) this.#fail(tooLarge('a frame', frameBytes, frameBytesMax, 'bytes'));
    this.#headerBytes = headerBytes;
    if (binaryCount === 0) this.#expect('header', headerBytes);
    else this.#expect('lengths', LENGTH_BYTES * binaryCount);
  }

  #readLengths(bytes: Buffer, start: number, end: number): void {
    const lengths: number[] = [];
    let frameBytes = PREFIX_BYTES + end - start + this.#headerBytes;
    for (let offset = start; offset < end; offset += LENGTH_BYTES) {
      const length = readUint32(bytes, offset);
      frameBytes += length;
      lengths.push(length);
    }
    const { frameBytesMax } = this.#limits;
    if (frameBytes > frameBytesMax) this.#fail(tooLarge('a frame', frameBytes, frameBytesMax, 'bytes'));
    this.#lengths = lengths;
    this.#expect('header', this.#headerBytes);
  }

  #readHeader(bytes: Buffer, start: number, end: number): void {
    const header = bytes.toString('utf8', start, end);
    if (this.#lengths.length === 0) {
      this.#expect('prefix', PREFIX_BYTES);
      this.#onFrame(header, noBinaries);
    } else {
      this.#header = header;
      this.#expectBinary();
    }
  }

  #addBinary(binary: Uint8Array): void {
    this.#binaries.push(binary);
    if (this.#binaries.length < this.#lengths.length) {
      this.#expectBinary();
      return;
    }
    const header = this.#header;
    const binaries = this.#binaries;
    this.#header = '';
    this.#lengths = [];
    this.#binaries = [];
    this.#expect('prefix', PREFIX_BYTES);
    this.#onFrame(header, binaries);
  }

  #expectBinary(): void {
    this.#expect('binary', this.#lengths[this.#binaries.length] ?? 0);
  }

  #expect(section: Section, bytes: number): void {
    this.#section = section;
    this.#sectionBytes = bytes;
  }

  #copyOf(bytes: Buffer, start: number, end: number): Uint8Array {
    const copy = this.#allocate(end - start);
    bytes.copy(copy, 0, start, end);
    return copy;
  }

  #grow(full: Uint8Array): Uint8Array {
    const larger = this.#allocate(this.#sectionBytes);
    larger.set(full);
    return larger;
  }

  #allocate(bytes: number): Uint8Array {
    try {
      if (bytes < UNZEROED_BYTES_MIN) return new Uint8Array(bytes);
      return new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer);
    } catch (error) {
      return this.#fail(`This process has no memory for ${bytes} bytes of a frame.`, error);
    }
  }

  /** Looks at as many bytes of the magic as there are: garbage is noticed with its first byte. */
  #assertMagic(bytes: Uint8Array, start: number): void {
    const end = Math.min(start + MAGIC_BYTES, bytes.length);
    for (let offset = start, magic = FRAME_MAGIC; offset < end; offset++, magic >>>= 8)
      if (bytes[offset] !== (magic & 0xff)) this.#fail(notAFrame(bytes, start, offset));
  }

  #fail(message: string, cause?: unknown): never {
    this.#failure = new ProtocolError(message, cause === undefined ? {} : { cause });
    this.#gathered = null;
    this.#binaries = [];
    throw this.#failure;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readUint32(bytes: Uint8Array, at: number): number {
  const low = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  return low + (bytes[at + 3] ?? 0) * 2 ** 24;
}

function notAFrame(bytes: Uint8Array, start: number, wrong: number): string {
  if (wrong === start + MAGIC_BYTES - 1)
    return (
      `The other end of the channel speaks frame format ${bytes[wrong]}, this end ${FRAME_MAGIC >>> 24}. ` +
      'Two versions of troupe seem to be installed: install one, the same for both ends.'
    );
  const seen = asBuffer(bytes.subarray(start, start + SHOWN_BYTES_MAX));
  const text = seen.toString('latin1').replaceAll(/[^ -~]/g, '.');
  return (
    `The other end of the channel sent bytes that are not a frame: ${seen.toString('hex')} ("${text}"). ` +
    "Something in that process seems to write to the channel's file descriptor: use only those you opened."
  );
}

function tooLarge(what: string, value: number, max: number, unit: string): string {
  return (
    `The other end of the channel announced ${what} of ${value} ${unit}, the limit is ${max}. ` +
    'Either its bytes are damaged or it has other limits: give both ends the same.'
  );
}
