/** A child's channel that keeps what is written until it is told how much of it the kernel gets. */
import { Channel } from '../../src/transport/channel.ts';
import { textOf } from './orders.ts';

interface HeldFrame {
  readonly header: string;
  readonly binaries: readonly Uint8Array[];
  readonly text: string;
}

export class GatedChannel extends Channel {
  /** The announcement of a start waits too, instead of leaving at once. */
  isFlushSlow = true;
  sent = 0;
  #held: HeldFrame[] = [];
  #isBroken = false;
  /** Announcements that somebody waits for, by task. */
  readonly #announcements = new Map<number, () => void>();
  #leave: (() => void) | null = null;

  get held(): readonly string[] {
    return this.#held.map(({ text }) => text);
  }

  override send(header: string, binaries: readonly Uint8Array[] = []): void {
    if (!this.#isBroken) this.#held.push({ header, binaries, text: textOf(header) });
  }

  /** Only announcements are flushed: the look at the channel flushes as well, as far as it gets. */
  override flush(): boolean {
    if (this.#announced !== null && !this.isFlushSlow) this.release(this.#held.length);
    return super.flush() && this.#held.length === 0;
  }

  override whenFlushed(callback: () => void): void {
    const taskId = this.#announced;
    if (taskId === null) this.#leave = callback;
    else this.#announcements.set(taskId, callback);
  }

  release(count: number): void {
    const frames = this.#held.splice(0, count);
    for (const { header, binaries } of frames) super.send(header, binaries);
    this.sent += frames.length;
    super.flush();
  }

  /** The kernel takes everything up to the announcement, and whoever waits for that hears of it. */
  flushAnnouncement(taskId: number): void {
    if (this.#isBroken) return;
    const at = this.#held.findLastIndex(({ text }) => text.startsWith(`started ${taskId}/`));
    this.release(at + 1);
    const callback = this.#announcements.get(taskId);
    if (callback === undefined) throw new Error(`Nobody waits for the announcement of task ${taskId}.`);
    this.#announcements.delete(taskId);
    callback();
  }

  /** The child leaves when the kernel has everything. */
  leave(): void {
    const callback = this.#leave;
    if (callback === null) throw new Error('It was not asked to leave.');
    this.release(this.#held.length);
    super.whenFlushed(callback);
  }

  break(): void {
    this.#isBroken = true;
    this.#held = [];
    this.destroy();
  }

  /** The task whose start is the last that was written. */
  get #announced(): number | null {
    const match = /^started (?<taskId>\d+)/u.exec(this.#held.at(-1)?.text ?? '');
    return match === null ? null : Number(match.groups?.['taskId']);
  }
}
