/**
 * With `stdio: 'capture'`: what is written to `process.stdout` and `process.stderr` goes over the channel,
 * with the task that wrote it. Like a pipe it is written before `write` returns, so that nothing is lost when
 * the process ends, memory cannot fill up, and it is told before whatever the task comes to.
 */
import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { noTask } from '../../machines/protocol.ts';
import { messageHeader } from '../codec/codec.ts';
import type { Channel } from '../transport/channel.ts';
import { FrameBatch } from '../transport/frame.ts';
import { channelDescriptor } from './channel-descriptor.ts';
import { runningTask } from './current-task.ts';
import { TaskRun } from './task-runner.ts';

/** What tasks need of it. */
export interface OutputEnd {
  /** What waits is written now: something is about to be said that comes after it. */
  flush(): void;
  /** The task is over: what is left of a character that was never completed is written. */
  endTask(run: TaskRun): void;
}

/** In characters, for one frame. */
const pieceLength = 16 * 1024;

/** When the channel is busy with a large result, this much may wait behind it; more takes the pipe. */
const pendingBytesMax = 1024 * 1024;

type Callback = (error?: Error | null) => void;
type Decoders = readonly [StringDecoder, StringDecoder];

export class OutputCapture implements OutputEnd {
  readonly #channel: Channel;
  readonly #batch = new FrameBatch();
  readonly #decoders = new WeakMap<TaskRun, Decoders>();
  /** What the kernel had no room for, of one writer: it goes out with what that one writes next. */
  #waiting = '';
  #writer: TaskRun | null = null;
  #number: 1 | 2 = 1;
  #isFlushScheduled = false;
  /** A loop that prints for ever must not fill memory with what is to be called after it. */
  #called: { readonly callback: Callback; count: number } | null = null;
  readonly #ownDecoders: Decoders = [new StringDecoder(), new StringDecoder()];

  constructor(channel: Channel, [stdout, stderr]: readonly [NodeJS.WriteStream, NodeJS.WriteStream]) {
    this.#channel = channel;
    this.#replaceWrite(stdout, 1);
    this.#replaceWrite(stderr, 2);
    process.on('exit', () => this.flush());
  }

  flush(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') this.#sendPiece(headerOf(this.#writer, this.#number, text), true);
  }

  endTask(run: TaskRun): void {
    const decoders = this.#decoders.get(run);
    if (decoders !== undefined) {
      this.#decoders.delete(run);
      this.#send(run, 1, decoders[0].end());
      this.#send(run, 2, decoders[1].end());
    }
    this.flush();
  }

  #replaceWrite(stream: NodeJS.WriteStream, number: 1 | 2): void {
    const original = stream.write.bind(stream);
    const write = (chunk: unknown, encodingOrCallback?: unknown, last?: unknown): boolean => {
      const isShort = typeof encodingOrCallback === 'function';
      const [encoding, callback] = isShort ? [undefined, encodingOrCallback] : [encodingOrCallback, last];
      const run = runOf(runningTask());
      const text = this.#textOf(run, number, chunk, encoding);
      const isPipeNeeded = text === null || stream.writableEnded || stream.destroyed;
      // Node's own errors for what cannot be written, and the pipe for what the channel cannot take now.
      if (isPipeNeeded || this.#channel.pendingBytes > pendingBytesMax) {
        this.flush();
        return Boolean(Reflect.apply(original, stream, [chunk, encodingOrCallback, last]));
      }
      const isWritten = this.#send(run, number, text);
      if (isCallback(callback)) this.#callBack(callback, isWritten);
      if (!isWritten) this.#channel.whenFlushed(() => void stream.emit('drain'));
      return isWritten;
    };
    stream.write = write;
  }

  #callBack(callback: Callback, isWritten: boolean): void {
    if (!isWritten) this.#channel.whenFlushed(callback);
    else if (this.#called?.callback === callback) this.#called.count += 1;
    else {
      const called = { callback, count: 1 };
      this.#called = called;
      process.nextTick(() => {
        if (this.#called === called) this.#called = null;
        for (let left = called.count; left > 0; left -= 1) callback();
      });
    }
  }

  #textOf(run: TaskRun | null, number: 1 | 2, chunk: unknown, encoding: unknown): string | null {
    if (typeof chunk === 'string') {
      if (isUtf8(encoding)) return chunk;
      if (typeof encoding !== 'string' || !Buffer.isEncoding(encoding)) return null;
      return this.#decode(run, number, Buffer.from(chunk, encoding));
    }
    if (!(chunk instanceof Uint8Array)) return null;
    return this.#decode(run, number, chunk);
  }

  #decode(run: TaskRun | null, number: 1 | 2, bytes: Uint8Array): string {
    return this.#decodersOf(run)[number - 1]?.write(bytes) ?? '';
  }

  #decodersOf(run: TaskRun | null): Decoders {
    if (run === null) return this.#ownDecoders;
    let decoders = this.#decoders.get(run);
    if (decoders === undefined) {
      decoders = [new StringDecoder(), new StringDecoder()];
      this.#decoders.set(run, decoders);
    }
    return decoders;
  }

  /** Whether the kernel has all of it. */
  #send(run: TaskRun | null, number: 1 | 2, text: string): boolean {
    let isWritten = true;
    for (let at = 0; at < text.length; at += pieceLength)
      isWritten = this.#sendText(run, number, text.slice(at, at + pieceLength));
    return isWritten;
  }

  #sendText(run: TaskRun | null, number: 1 | 2, text: string): boolean {
    if (this.#waiting !== '') {
      const isSame = this.#writer === run && this.#number === number;
      if (isSame && this.#waiting.length + text.length <= pieceLength) {
        this.#waiting += text;
        return true;
      }
      this.flush();
    }
    const outcome = this.#sendPiece(headerOf(run, number, text), false);
    if (outcome !== 'no room') return outcome === 'written';
    this.#waiting = text;
    this.#writer = run;
    this.#number = number;
    this.#flushSoon();
    return true;
  }

  #flushSoon(): void {
    if (this.#isFlushScheduled) return;
    this.#isFlushScheduled = true;
    process.nextTick(() => {
      this.#isFlushScheduled = false;
      this.flush();
    });
  }

  #sendPiece(header: string, mustWait: boolean): 'written' | 'queued' | 'no room' {
    const channel = this.#channel;
    if (!channel.canReachPeer) return 'written';
    // What was sent before goes first. If some of it waits for the kernel, this waits behind it.
    if (!channel.flush() || channel.pendingBytes > 0) {
      channel.send(header);
      return channel.flush() ? 'written' : 'queued';
    }
    this.#batch.add(header, []);
    let isBegun = mustWait;
    for (const bytes of this.#batch.take()) {
      if (!writeAll(bytes, isBegun)) return 'no room';
      isBegun = true;
    }
    return 'written';
  }
}

const headerOf = (run: TaskRun | null, number: 1 | 2, text: string): string =>
  messageHeader(['output', run?.request.taskId ?? noTask, run?.attempt ?? 0, number, text]);

/** The task that this code runs in, unless it is over: what it left behind writes for nobody. */
const runOf = (task: unknown): TaskRun | null => (task instanceof TaskRun && !task.isOver ? task : null);

const isCallback = (value: unknown): value is Callback => typeof value === 'function';

const isUtf8 = (encoding: unknown): boolean =>
  encoding === undefined || encoding === null || encoding === 'utf8' || encoding === 'utf-8';

const pauseMs = 1;
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * As a pipe does it: until the kernel has taken all of it, and as slowly as the parent reads. False if the
 * kernel took nothing and this must not wait.
 */
function writeAll(bytes: Uint8Array, mustWait: boolean): boolean {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(channelDescriptor, bytes, at);
    } catch (error) {
      // Anything else means that the parent is gone, and the channel will say so.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return true;
      if (at === 0 && !mustWait) return false;
      Atomics.wait(never, 0, 0, pauseMs);
    }
  }
  return true;
}
