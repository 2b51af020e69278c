/**
 * Frames over one duplex socket, the same at both ends. What the peer sent before it died is always
 * delivered, even when a write of ours has already failed because it is dead.
 */
import { Buffer } from 'node:buffer';
import { Socket, type SocketConstructorOpts, type TcpSocketConnectOpts } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { ProtocolError } from '../errors.ts';
import { FrameBatch } from './frame.ts';
import type { FrameLimits } from './frame.ts';
import { FrameParser } from './frame-parser.ts';

/** What a channel works over: a socket, or anything that behaves like one. */
export interface ChannelStream extends Duplex {
  ref(): unknown;
  unref(): unknown;
}

/** Who hears what a channel receives; never called from inside a method of the channel. */
export interface ChannelHandlers {
  onFrame(header: string, binaries: readonly Uint8Array[]): void;
  /** The peer's bytes are not frames. At most once; the channel destroys itself, only `onClosed` follows. */
  onCorrupt(error: ProtocolError): void;
  /** Exactly once, after all that was received. `cutOff` tells that the peer stopped inside a frame. */
  onClosed(cutOff: boolean): void;
}

/**
 * What one read takes at most. Larger saves system calls with large binaries, until it falls out of the
 * cache.
 */
const readBytesMax = 256 * 1024;

/** `onread` is an option of every socket in Node; its type knows it only for those that connect. */
type ReadInto = Pick<TcpSocketConnectOpts, 'onread'>;

/**
 * The channel over an open descriptor. All reads go through one piece of memory, which the parser copies
 * from.
 */
export function channelOver(
  fd: number,
  handlers: ChannelHandlers,
  limits: Partial<FrameLimits> = {},
): Channel {
  const options: SocketConstructorOpts & ReadInto = {
    fd,
    readable: true,
    writable: true,
    onread: {
      buffer: Buffer.allocUnsafeSlow(readBytesMax),
      callback(bytes, memory) {
        channel.receive(Buffer.from(memory.buffer, memory.byteOffset, bytes));
        return true;
      },
    },
  };
  const channel = new Channel(new Socket(options), handlers, limits);
  return channel;
}

/** From here on a chunk is given back at once; smaller ones are not worth the call. */
const releasedBytesMin = 32 * 1024;

const transfer: unknown = Reflect.get(ArrayBuffer.prototype, 'transfer');

/**
 * Frees the memory of a chunk that a socket has read for us alone. The collector would leave hundreds of them
 * behind before it looks, and each next one would be new memory. Node 20 cannot, and waits for the collector.
 */
function release({ buffer, byteLength }: Buffer): void {
  if (byteLength < releasedBytesMin || buffer.byteLength !== byteLength) return;
  if (typeof transfer === 'function') Reflect.apply(transfer, buffer, [0]);
}

/**
 * Make it in the turn that made the socket, or bytes may be lost. It is open in both directions or closed:
 * once the peer has ended, what is queued is still written, and what is sent later is dropped.
 */
export class Channel {
  readonly #socket: ChannelStream;
  readonly #handlers: ChannelHandlers;
  readonly #batch: FrameBatch;
  readonly #parser: FrameParser;
  #isFlushScheduled = false;
  #isEnding = false;
  #isDestroyed = false;
  #isPeerDeaf = false;
  #receivedBytes = 0;
  #isClosed = false;
  #flushCallbacks: (() => void)[] = [];
  readonly #flushScheduled = (): void => {
    this.#isFlushScheduled = false;
    this.flush();
  };

  constructor(socket: ChannelStream, handlers: ChannelHandlers, limits: Partial<FrameLimits> = {}) {
    this.#socket = socket;
    this.#handlers = handlers;
    this.#batch = new FrameBatch(limits);
    this.#parser = new FrameParser((header, binaries) => this.#deliver(header, binaries), limits);
    // Node would otherwise end our direction before we could write what is queued.
    socket.allowHalfOpen = true;
    this.#surviveWriteErrors();
    // Any other stream may pass on what somebody else still uses.
    const isOwned = socket instanceof Socket;
    socket.on('data', (chunk: Buffer) => {
      this.receive(chunk);
      if (isOwned) release(chunk);
    });
    socket.on('end', () => this.#close());
    // Only reading can fail now, and it fails when the peer died with bytes of ours unread: 'close' follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#close();
      this.#runFlushCallbacks();
    });
    if (socket.closed) process.nextTick(() => this.#close());
  }

  /** How many bytes have come in. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Whether what is sent may still arrive, as far as is known. */
  get canReachPeer(): boolean {
    return !this.#isClosed && !this.#isPeerDeaf && !this.#socket.destroyed;
  }

  /** How many bytes the kernel has not taken yet. */
  get pendingBytes(): number {
    return this.#socket.destroyed ? 0 : this.#batch.byteLength + this.#socket.writableLength;
  }

  /**
   * Queues a frame; all that one turn queues goes out in one write. Throws `NotSerializableError` if the
   * frame is above the limits. A large binary is not copied: do not change or detach it before `whenFlushed`.
   */
  send(header: string, binaries: readonly Uint8Array[] = []): void {
    if (this.#isEnding || this.#isClosed || this.#isPeerDeaf) return;
    this.#batch.add(header, binaries);
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    // Ticks queued by a promise's reaction run after all such reactions: one write for what all of them sent.
    process.nextTick(this.#flushScheduled);
  }

  /** Writes what is queued now. True if the kernel took all of it, or nothing can reach the peer any more. */
  flush(): boolean {
    if (!this.#batch.isEmpty) this.#write(this.#batch.take());
    return this.#socket.destroyed || this.#socket.writableLength === 0;
  }

  /** Calls back, never at once, when the kernel has taken all that was sent, or the channel is gone. */
  whenFlushed(callback: () => void): void {
    if (this.flush()) process.nextTick(callback);
    else this.#flushCallbacks.push(callback);
  }

  /** Writes what is queued, then tells the peer that no more will come. Frames of the peer still arrive. */
  end(): void {
    if (this.#isEnding) return;
    this.flush();
    this.#isEnding = true;
    this.#socket.end();
  }

  /** Closes at once: nothing more is written or delivered, and `onClosed` follows. */
  destroy(): void {
    this.#isDestroyed = true;
    this.#isEnding = true;
    this.#batch.take();
    this.#socket.destroy();
  }

  /** Keeps the event loop alive while the channel is open (the default). */
  ref(): void {
    this.#socket.ref();
  }

  /** Lets the event loop end although the channel is open. */
  unref(): void {
    this.#socket.unref();
  }

  #write(chunks: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (socket.destroyed || this.#isPeerDeaf) return;
    if (chunks.length > 1) socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    if (chunks.length > 1) socket.uncork();
  }

  /**
   * A socket destroys itself when a write fails, and what the peer had sent before it died is lost unread. So
   * its two write hooks report success instead, and nothing more is written; reading goes on to the end.
   */
  /* oxlint-disable no-underscore-dangle -- Node's own names for the hooks of a stream */
  #surviveWriteErrors(): void {
    const socket = this.#socket;
    const write = socket._write.bind(socket);
    const writev = socket._writev?.bind(socket);
    socket._write = (chunk, encoding, callback) => {
      if (this.#isPeerDeaf) callback();
      else write(chunk, encoding, (error) => this.#written(error, callback));
    };
    if (writev === undefined) return;
    socket._writev = (chunks, callback) => {
      if (this.#isPeerDeaf) callback();
      else writev(chunks, (error) => this.#written(error, callback));
    };
  }

  /* oxlint-enable no-underscore-dangle */

  #written(error: Error | null | undefined, callback: () => void): void {
    if (error !== null && error !== undefined) this.#isPeerDeaf = true;
    callback();
    if (this.#flushCallbacks.length > 0 && this.#socket.writableLength === 0) this.#runFlushCallbacks();
  }

  #runFlushCallbacks(): void {
    const callbacks = this.#flushCallbacks;
    this.#flushCallbacks = [];
    for (const callback of callbacks) process.nextTick(callback);
  }

  /** Takes bytes that the socket has read. They are not kept. */
  receive(chunk: Buffer): void {
    if (this.#isDestroyed) return;
    this.#receivedBytes += chunk.length;
    try {
      this.#parser.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.destroy();
      this.#handlers.onCorrupt(error);
    }
  }

  #deliver(header: string, binaries: readonly Uint8Array[]): void {
    if (this.#isDestroyed) return;
    try {
      this.#handlers.onFrame(header, binaries);
    } catch (error) {
      // The frames behind this one must not be lost with it.
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.end();
    this.#handlers.onClosed(this.#parser.isMidFrame && !this.#isDestroyed);
  }
}
