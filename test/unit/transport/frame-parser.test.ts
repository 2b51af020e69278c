/** Frames come back from bytes however these are cut; what is not a frame is noticed and never believed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../../src/errors.ts';
import { FrameBatch } from '../../../src/transport/frame.ts';
import type { Frame, FrameLimits } from '../../../src/transport/frame.ts';
import { FrameParser } from '../../../src/transport/frame-parser.ts';

const MAGIC = [0xf7, 0x74, 0x72, 0x01];

function bytesOf(frames: readonly Frame[]): Buffer {
  const batch = new FrameBatch();
  for (const { header, binaries } of frames) batch.add(header, binaries);
  return Buffer.concat(batch.take());
}

function collector(limits: Partial<FrameLimits> = {}): { parser: FrameParser; frames: Frame[] } {
  const frames: Frame[] = [];
  const parser = new FrameParser((header, binaries) => frames.push({ header, binaries }), limits);
  return { parser, frames };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function prefix(headerBytes: number, binaryCount: number): Buffer {
  return Buffer.concat([Buffer.from(MAGIC), uint32(headerBytes), uint32(binaryCount)]);
}

const header = fc.string({ unit: 'grapheme', maxLength: 40 });
const smallFrame = fc.record({
  header,
  binaries: fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 3 }),
});
const anyFrame = fc.record({
  header,
  binaries: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) },
      { weight: 1, arbitrary: fc.nat(60_000).map((bytes) => new Uint8Array(bytes).fill(bytes)) },
    ),
    { maxLength: 4 },
  ),
});

describe('frames of any content', () => {
  it('come back when their bytes are cut in two anywhere', () => {
    fc.assert(
      fc.property(fc.array(smallFrame, { minLength: 1, maxLength: 3 }), (frames) => {
        const bytes = bytesOf(frames);
        for (let cut = 0; cut <= bytes.length; cut++) {
          const { parser, frames: received } = collector();
          parser.push(bytes.subarray(0, cut));
          parser.push(bytes.subarray(cut));
          expect(received).toEqual(frames);
          expect(parser.isMidFrame).toBe(false);
        }
      }),
    );
  });

  it('come back when their bytes come one by one', () => {
    fc.assert(
      fc.property(fc.array(smallFrame, { maxLength: 4 }), (frames) => {
        const { parser, frames: received } = collector();
        for (const byte of bytesOf(frames)) parser.push(Uint8Array.of(byte));
        expect(received).toEqual(frames);
      }),
    );
  });

  it('come back when their bytes are cut at random', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 70_000 }));
    const cuts = fc.array(size, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 8 }), cuts, (frames, pieceSizes) => {
        const { parser, frames: received } = collector();
        const bytes = bytesOf(frames);
        for (let offset = 0, piece = 0; offset < bytes.length; piece++) {
          const pieceBytes = pieceSizes[piece % pieceSizes.length] ?? 1;
          parser.push(bytes.subarray(offset, offset + pieceBytes));
          offset += pieceBytes;
        }
        expect(received.map(hexOf)).toEqual(frames.map(hexOf));
        expect(parser.isMidFrame).toBe(false);
      }),
    );
  });

  it('are neither invented nor lost when the bytes stop anywhere', () => {
    fc.assert(
      fc.property(fc.array(smallFrame, { minLength: 1, maxLength: 3 }), (frames) => {
        const bytes = bytesOf(frames);
        const ends = frames.map((_, index) => bytesOf(frames.slice(0, index + 1)).length);
        for (let cut = 0; cut <= bytes.length; cut++) {
          const { parser, frames: received } = collector();
          parser.push(bytes.subarray(0, cut));
          expect(received).toEqual(frames.slice(0, ends.filter((end) => end <= cut).length));
          expect(parser.isMidFrame).toBe(cut !== 0 && !ends.includes(cut));
        }
      }),
    );
  });
});

function hexOf({ header: text, binaries }: Frame): string[] {
  return [text, ...binaries.map((binary) => Buffer.from(binary).toString('base64'))];
}

describe('a binary', () => {
  it('is a plain Uint8Array over an ArrayBuffer of its own, cut or not', () => {
    const bytes = bytesOf([{ header: 'h', binaries: [Uint8Array.of(1, 2), Uint8Array.of(3)] }]);
    for (const cut of [0, bytes.length - 2]) {
      const { parser, frames } = collector();
      parser.push(bytes.subarray(0, cut));
      parser.push(bytes.subarray(cut));
      for (const binary of frames[0]?.binaries ?? []) {
        expect(Object.getPrototypeOf(binary)).toBe(Uint8Array.prototype);
        expect(binary.byteOffset).toBe(0);
        expect(binary.buffer.byteLength).toBe(binary.byteLength);
        expect(binary.buffer).not.toBe(bytes.buffer);
      }
    }
  });

  it('larger than what is believed at once arrives whole', () => {
    const size = 65 * 1024 * 1024;
    const { parser, frames } = collector();
    parser.push(Buffer.concat([prefix(1, 1), uint32(size), Buffer.from('h')]));
    const chunk = Buffer.alloc(1024 * 1024);
    for (let index = 0; index < 65; index++) parser.push(chunk.fill(index));
    const [binary] = frames[0]?.binaries ?? [];
    expect(binary).toHaveLength(size);
    expect(binary?.buffer.byteLength).toBe(size);
    for (let index = 0; index < 65; index++) expect(binary?.[index * chunk.length + 7]).toBe(index);
  });
});

describe('bytes that are not frames', () => {
  it('are refused at the first wrong byte, with what they were', () => {
    const { parser } = collector();
    expect(() => parser.push(Buffer.from('hello\n'))).toThrow(/68656c6c6f0a \("hello\."\)/);
    expect(parser.isMidFrame).toBe(false);
  });

  it('name both versions when only the version differs', () => {
    const { parser } = collector();
    parser.push(Buffer.from(MAGIC.slice(0, 3)));
    expect(() => parser.push(Uint8Array.of(2))).toThrow(/speaks frame format 2, this end 1\. Two versions/);
  });

  it('come after frames that are still delivered, and end the parser for good', () => {
    const good = { header: '["ready"]', binaries: [] };
    const { parser, frames } = collector();
    expect(() => parser.push(Buffer.concat([bytesOf([good]), Buffer.from('x')]))).toThrow(ProtocolError);
    expect(() => parser.push(bytesOf([good]))).toThrow(ProtocolError);
    expect(frames).toEqual([good]);
  });

  it('make an error or wait for more, whatever they are', () => {
    const garbage = fc.array(
      fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.constant(Uint8Array.from(MAGIC))),
      {
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(garbage, fc.boolean(), (pieces, afterMagic) => {
        const { parser, frames } = collector();
        const bytes = Buffer.concat(afterMagic ? [Buffer.from(MAGIC), ...pieces] : pieces);
        expect([null, expect.any(ProtocolError)]).toContainEqual(errorOf(parser, bytes));
        expect(frames.reduce((sum, { header: text }) => sum + text.length, 0)).toBeLessThanOrEqual(
          bytes.length,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('make an error or wait for more when one bit of a frame flips', () => {
    fc.assert(
      fc.property(
        fc.array(smallFrame, { minLength: 1, maxLength: 3 }),
        fc.nat(),
        fc.nat(7),
        (frames, at, bit) => {
          const bytes = bytesOf(frames);
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
          expect([null, expect.any(ProtocolError)]).toContainEqual(errorOf(collector().parser, bytes));
        },
      ),
    );
  });
});

/** The error `push` throws, or `null`. */
function errorOf(parser: FrameParser, bytes: Uint8Array): unknown {
  try {
    parser.push(bytes);
    return null;
  } catch (error) {
    return error;
  }
}

describe('announced lengths', () => {
  it.each([
    ['a header no string can hold', prefix(0xffff_ffff, 0), /a header of 4294967295 bytes/],
    ['more binaries than allowed', prefix(1, 0xffff_ffff), /a frame of 4294967295 binaries/],
    [
      'a frame above 4 GiB',
      Buffer.concat([prefix(1, 2), uint32(0xffff_ffff), uint32(0xffff_ffff)]),
      /a frame of 8589934611 bytes/,
    ],
  ])('are refused: %s', (_, bytes, message) => {
    expect(() => collector().parser.push(bytes)).toThrow(message);
  });

  it.each([
    ['header', prefix(51, 0), /a header of 51 bytes, the limit is 50/],
    ['number of binaries', prefix(1, 3), /a frame of 3 binaries, the limit is 2/],
    ['lengths and header', prefix(45, 2), /a frame of 65 bytes, the limit is 64/],
    ['binaries', Buffer.concat([prefix(1, 1), uint32(48)]), /a frame of 65 bytes, the limit is 64/],
  ])('are refused above the limit given for the %s', (_, bytes, message) => {
    const limits = { frameBytesMax: 64, headerBytesMax: 50, binaryCountMax: 2 };
    expect(() => collector(limits).parser.push(bytes)).toThrow(message);
  });

  it('cost no memory before the bytes arrive', () => {
    const before = process.memoryUsage();
    const parsers = Array.from({ length: 8 }, () => {
      const { parser } = collector();
      parser.push(Buffer.concat([prefix(1, 1), uint32(0xf000_0000), Buffer.from('hb')]));
      return parser;
    });
    const after = process.memoryUsage();
    expect(parsers.every((parser) => parser.isMidFrame)).toBe(true);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThanOrEqual(8 * 65 * 1024 * 1024);
    expect(after.rss - before.rss).toBeLessThan(256 * 1024 * 1024);
  });
});
