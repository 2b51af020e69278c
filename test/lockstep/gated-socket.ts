/**
 * The parent's end of a child's channel: what arrives is kept, and read frame by frame when it is told to.
 * Underneath is a real channel over the real socket.
 */
import { Buffer } from 'node:buffer';
import { Duplex } from 'node:stream';
import { Channel, type ChannelStream } from '../../src/transport/channel.ts';
import { FrameBatch } from '../../src/transport/frame.ts';
import { FrameParser } from '../../src/transport/frame-parser.ts';
import { textOf } from './orders.ts';

interface Arrived {
  readonly header: string;
  readonly binaries: readonly Uint8Array[];
}

export class GatedSocket extends Duplex implements ChannelStream {
  /** How many frames have arrived, ever. */
  arrivals = 0;
  isOver = false;
  isCorrupt = false;
  /** What the parent has written that the child was not told to read. */
  written: string[] = [];
  /** Called when something may be as somebody waits for. */
  onNews: () => void = () => undefined;
  readonly #lower: Channel;
  readonly #parser = new FrameParser((header, binaries) => {
    const text = textOf(header);
    if (text !== 'function' && text !== 'credit') this.written.push(text);
    this.#lower.send(header, binaries);
  });
  #frames: Arrived[] = [];
  #onDestroyed: (() => void) | null = null;

  constructor(real: ChannelStream) {
    super({ allowHalfOpen: true });
    this.#lower = new Channel(real, {
      onFrame: (header, binaries) => {
        this.#frames.push({ header, binaries });
        this.arrivals += 1;
        this.onNews();
      },
      onCorrupt: () => {
        this.isCorrupt = true;
        this.onNews();
      },
      onClosed: () => {
        this.isOver = true;
        this.onNews();
      },
    });
  }

  /** What has arrived and was not read. */
  get unread(): readonly string[] {
    return this.#frames.map(({ header }) => textOf(header));
  }

  /** The parent reads one frame. */
  deliver(): void {
    const frame = this.#frames.shift();
    if (frame === undefined) throw new Error('There is no frame to read.');
    const batch = new FrameBatch();
    batch.add(frame.header, frame.binaries);
    this.push(Buffer.concat(batch.take()));
  }

  /** The parent reads what is no frame; what was before it is lost. */
  deliverGarbage(): void {
    this.#frames = [];
    this.push(Buffer.alloc(64, 0xff));
  }

  /** The parent reads the end. */
  finish(): void {
    if (this.#onDestroyed === null) this.push(null);
    else this.#onDestroyed();
  }

  /** Nothing is read or written any more, whatever the parent does. */
  abandon(): void {
    this.#lower.destroy();
  }

  ref(): void {
    this.#lower.ref();
  }

  unref(): void {
    this.#lower.unref();
  }

  override _read(): void {
    // It is pushed when it is told to.
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: () => void): void {
    this.#parser.push(chunk);
    callback();
  }

  override _final(callback: () => void): void {
    this.#lower.end();
    callback();
  }

  /** That it is closed is told later. */
  override _destroy(_error: Error | null, callback: (error: Error | null) => void): void {
    this.#onDestroyed = () => callback(null);
  }
}
