/** The bytes a batch of frames becomes: their layout, how few buffers there are, and what is refused. */
import { describe, expect, it } from 'vitest';
import { NotSerializableError } from '../../../src/errors.ts';
import { FrameBatch } from '../../../src/transport/frame.ts';

describe('the layout of a frame', () => {
  it('is magic, header length, number of binaries, their lengths, header, binaries', () => {
    const batch = new FrameBatch();
    batch.add('{"é":1}', [Uint8Array.of(1, 2, 3), new Uint8Array(0), Uint8Array.of(9)]);
    expect(Buffer.concat(batch.take()).toString('hex')).toBe(
      [
        'f7747201', // magic and version
        '08000000', // bytes of the header as UTF-8
        '03000000', // binaries
        '030000000000000001000000', // their lengths
        Buffer.from('{"é":1}').toString('hex'),
        '01020309',
      ].join(''),
    );
  });
});

describe('a batch', () => {
  it('is empty at first and after it was taken', () => {
    const batch = new FrameBatch();
    expect(batch.isEmpty).toBe(true);
    expect(batch.take()).toEqual([]);
    batch.add('["ready"]', []);
    expect(batch.isEmpty).toBe(false);
    expect(batch.byteLength).toBe(12 + 9);
    expect(batch.take()).toHaveLength(1);
    expect(batch.isEmpty).toBe(true);
    expect(batch.byteLength).toBe(0);
  });

  it('packs a thousand small frames, with small binaries, into one chunk', () => {
    const batch = new FrameBatch();
    for (let index = 0; index < 1000; index++) batch.add('["started",1,1]', [Uint8Array.of(index)]);
    const chunks = batch.take();
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toHaveLength(1000 * (12 + 4 + 15 + 1));
  });

  it('needs few chunks even for megabytes of small frames', () => {
    const batch = new FrameBatch();
    for (let index = 0; index < 40_000; index++) batch.add('x'.repeat(100), []);
    expect(batch.byteLength).toBe(40_000 * 112);
    expect(batch.take().length).toBeLessThan(12);
  });

  it('passes a large binary on without copying it', () => {
    const large = new Uint8Array(1024 * 1024);
    const batch = new FrameBatch();
    batch.add('before', []);
    batch.add('with', [Uint8Array.of(1), large, Uint8Array.of(2)]);
    batch.add('after', []);
    const chunks = batch.take();
    expect(chunks).toHaveLength(3);
    expect(chunks[1]).toBe(large);
  });

  it('never writes again to memory it handed out', () => {
    const batch = new FrameBatch();
    batch.add('first', []);
    const [first] = batch.take();
    const bytes = Buffer.from(first ?? []).toString('hex');
    for (let index = 0; index < 10_000; index++) {
      batch.add('second', []);
      if (index % 100 === 0) batch.take();
    }
    expect(Buffer.from(first ?? []).toString('hex')).toBe(bytes);
  });
});

describe('a frame above the limits', () => {
  const limits = { frameBytesMax: 100, headerBytesMax: 50, binaryCountMax: 2 };
  const empty = new Uint8Array(0);

  it.each([
    ['its header', 'é'.repeat(26), [], /has 52 bytes, the limit is 50/],
    ['its number of binaries', '', [empty, empty, empty], /has 3 values, the limit is 2/],
    ['its size', 'x'.repeat(50), [new Uint8Array(35)], /has 101 bytes, the limit is 100/],
  ])('is refused for %s, and nothing of it is queued', (_, header, binaries, message) => {
    const batch = new FrameBatch(limits);
    expect(() => batch.add(header, binaries)).toThrow(NotSerializableError);
    expect(() => batch.add(header, binaries)).toThrow(message);
    expect(batch.isEmpty).toBe(true);
  });

  it('is one byte above the largest frame allowed', () => {
    const batch = new FrameBatch(limits);
    batch.add('x'.repeat(50), [new Uint8Array(34)]);
    expect(batch.byteLength).toBe(100);
  });
});
