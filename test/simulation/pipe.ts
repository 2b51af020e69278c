/**
 * The two ends of a socket pair with a kernel between them, which takes of a write what it has room for and
 * gives to a read what it likes. The ends behave as Node's sockets do.
 */
import { Duplex } from 'node:stream';
import type { ChannelStream } from '../../src/transport/channel.ts';
import type { Faults } from './faults.ts';
import { type Done, Lane } from './lane.ts';
import type { Owner, World } from './world.ts';

export interface Surroundings {
  readonly world: World;
  readonly faults: Faults;
}

/** An error as the system reports it. */
function systemError(code: string, call: string): Error {
  return Object.assign(new Error(`${call} ${code}`), { code, syscall: call });
}

export class PipeEnd extends Duplex implements ChannelStream {
  readonly #surroundings: Surroundings;
  readonly #owner: Owner | null;
  readonly #out: Lane;
  #peer: PipeEnd | null = null;
  #hasEnded = false;
  #isAbandoned = false;
  #hasFailed = false;
  /** Asked at each write: dies its process in the middle of it? A number is what the kernel still gets. */
  crashPoint: (bytes: number) => number | null = () => null;
  /** Ends its process. */
  crash: () => void = () => undefined;
  /** A canary: bytes that come twice. */
  duplicates: (chunk: Buffer) => boolean = () => false;
  isReferenced = true;

  constructor(surroundings: Surroundings, label: string, owner: Owner | null) {
    super({ allowHalfOpen: true });
    this.#surroundings = surroundings;
    this.#owner = owner;
    const { faults, world } = surroundings;
    const isSmall = faults.plans('small kernel buffer');
    this.#out = new Lane(label, isSmall ? world.random.between(1, 4_096) : 208 * 1024);
  }

  connect(peer: PipeEnd): void {
    this.#peer = peer;
  }

  ref(): this {
    this.isReferenced = true;
    return this;
  }

  unref(): this {
    this.isReferenced = false;
    return this;
  }

  /** Nobody has this end any more: what the kernel has not got is lost. */
  abandon(): void {
    if (this.#out.waiting !== null) this.#surroundings.world.count('bytes lost with their process');
    this.#isAbandoned = true;
    this.#out.waiting = null;
    this.#close();
  }

  /** Its process is dead, but somebody else still has this end open. */
  leaveOpen(): void {
    this.#out.waiting = null;
  }

  /** What the kernel has of it is gone. */
  loseHeld(): void {
    this.#out.drop();
  }

  override _read(): void {
    // What there is comes by itself.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#write(chunk, done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: Done): void {
    this.#write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: Done): void {
    this.#out.isEnded = true;
    this.#scheduleRead();
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    const { waiting } = this.#out;
    this.#out.waiting = null;
    this.#close();
    waiting?.done(systemError('ECANCELED', 'write'));
    done(error);
  }

  get #in(): Lane | undefined {
    return this.#peer?.outgoing;
  }

  /** Whether the kernel has taken all that was ever written. */
  get isFlushed(): boolean {
    return this.writableLength === 0 && !this.#hasFailed;
  }

  /** Whether all that the kernel ever got from the peer has been read here. */
  get hasReadAll(): boolean {
    return this.#in?.heldBytes === 0;
  }

  get outgoing(): Lane {
    return this.#out;
  }

  get #isOwnerDead(): boolean {
    return this.#owner !== null && this.#owner.whenReady(this.#surroundings.world.nowMs) === 'never';
  }

  /** No process has this end any more. */
  #close(): void {
    const incoming = this.#in;
    this.#out.isEnded = true;
    if (incoming !== undefined) {
      incoming.isDeaf = true;
      if (incoming.heldBytes > 0) this.#out.isReset = true;
      incoming.drop();
      this.#peer?.noteDeaf();
    }
    this.#scheduleRead();
  }

  /** A write that waits for room fails when nobody is left to make room. */
  noteDeaf(): void {
    if (this.#out.waiting !== null) this.#scheduleWrite(0);
  }

  #write(bytes: Buffer, done: Done): void {
    if (this.#isOwnerDead) return;
    const { world } = this.#surroundings;
    world.log(`${this.#out.label}: writes ${bytes.length} bytes`);
    countMessages(world, bytes);
    this.#hasFailed ||= this.#isAbandoned || this.#out.isDeaf;
    if (this.#isAbandoned) {
      done(systemError('EBADF', 'write'));
      return;
    }
    if (this.#out.isDeaf) {
      world.log(`${this.#out.label}: the write fails, nobody reads`);
      world.count('write to a dead peer');
      done(systemError('EPIPE', 'write'));
      return;
    }
    const crashPoint = this.crashPoint(bytes.length);
    if (crashPoint === null) {
      this.#out.waiting = { bytes, done };
      if (this.#isBusy) this.#scheduleWrite(0);
      else this.#takeMore();
    } else {
      // Nobody is left to hear that the write is done.
      this.#out.waiting = { bytes: bytes.subarray(0, crashPoint), done: () => undefined };
      this.#take(crashPoint);
      this.crash();
    }
  }

  /** A process that computes has not come to write yet, and one that is stopped never comes to it. */
  get #isBusy(): boolean {
    const { nowMs } = this.#surroundings.world;
    return this.#owner !== null && this.#owner.whenReady(nowMs) !== nowMs;
  }

  #takeMore(): void {
    const { faults, world } = this.#surroundings;
    const { room, waiting } = this.#out;
    if (waiting !== null && room < waiting.bytes.length) faults.note('small kernel buffer');
    const isPartial = room > 1 && faults.happens('partial write');
    this.#take(isPartial ? world.random.between(1, room - 1) : room);
    if (isPartial) this.#scheduleWrite(world.random.int(5));
  }

  #take(count: number): void {
    if (count > 0) this.#surroundings.world.log(`${this.#out.label}: the kernel takes ${count}`);
    const done = this.#out.take(count);
    this.#scheduleRead();
    done?.();
  }

  #scheduleWrite(delayMs: number): void {
    const out = this.#out;
    if (out.isWriteScheduled) return;
    out.isWriteScheduled = true;
    this.#surroundings.world.schedule(delayMs, `${out.label} may write more`, this.#owner, () => {
      out.isWriteScheduled = false;
      const { waiting } = out;
      if (waiting === null) return;
      if (!out.isDeaf) {
        this.#takeMore();
        return;
      }
      out.waiting = null;
      this.#hasFailed = true;
      waiting.done(systemError('EPIPE', 'write'));
    });
  }

  /** Something is there for the peer to read. */
  #scheduleRead(): void {
    const out = this.#out;
    const peer = this.#peer;
    if (out.isReadScheduled || peer === null || out.isDeaf) return;
    if (out.heldBytes === 0 && (!out.isEnded || peer.#hasEnded)) return;
    out.isReadScheduled = true;
    const { faults, world } = this.#surroundings;
    const delayMs = faults.happens('slow read') ? world.random.int(50) : 0;
    world.schedule(delayMs, `${out.label} is read`, peer.#owner, () => {
      out.isReadScheduled = false;
      if (out.isDeaf) return;
      if (out.heldBytes > 0) this.#give(peer);
      else peer.#reachEnd(out.isReset);
      this.#scheduleRead();
    });
  }

  #reachEnd(isReset: boolean): void {
    this.#hasEnded = true;
    this.#surroundings.world.log(`${this.#in?.label ?? ''}: ${isReset ? 'reset' : 'end'}`);
    if (isReset) this.#surroundings.world.count('reset instead of the end');
    if (isReset) this.destroy(systemError('ECONNRESET', 'read'));
    else this.push(null);
  }

  #give(peer: PipeEnd): void {
    const { faults, world } = this.#surroundings;
    const out = this.#out;
    const isSplit = out.heldBytes > 1 && faults.happens('split read');
    const most = Math.min(out.heldBytes, 65_536);
    // Down to one byte, but a large value must not cost a million events.
    const count = isSplit ? Math.max(world.random.between(1, Math.min(most, 64)), most >> 6) : most;
    world.log(`${out.label}: ${count} of ${out.heldBytes} bytes are read`);
    const chunk = out.give(count);
    world.logBytes(chunk);
    const again = peer.duplicates(chunk);
    peer.push(chunk);
    if (again) peer.push(Buffer.from(chunk));
    if (out.waiting !== null) this.#scheduleWrite(0);
  }
}

const laterAttemptDropped = /\["dropped",\d+,(?!1\])/u;
const rareMessage = /\["(recall|dropped|cancel|credit|uncaught|initializeFailed|stop)"/gu;

/** So that it is known which rare messages were sent at all. */
function countMessages(world: World, bytes: Buffer): void {
  if (bytes.length > 4_096) return;
  const text = bytes.toString('latin1');
  for (const [, kind = ''] of text.matchAll(rareMessage)) world.count(`message ${kind}`);
  if (laterAttemptDropped.test(text)) world.count('message dropped of a later attempt');
}

/** Two connected ends: the parent's, and the child's. */
export function createPipe(
  surroundings: Surroundings,
  label: string,
  owner: Owner,
): { parentEnd: PipeEnd; childEnd: PipeEnd } {
  const parentEnd = new PipeEnd(surroundings, `parent -> ${label}`, null);
  const childEnd = new PipeEnd(surroundings, `${label} -> parent`, owner);
  parentEnd.connect(childEnd);
  childEnd.connect(parentEnd);
  return { parentEnd, childEnd };
}
