/**
 * What one worker writes, with `stdio: 'capture'`: lines, each with the task that wrote it. Most of it comes
 * over the channel, with its task; what a child's own code cannot catch comes through the pipes.
 */
import { noTask } from '../../machines/protocol.ts';
import { Lines } from './output-lines.ts';

export type OutputStream = 'stdout' | 'stderr';

/** What is asked of the worker's surroundings. */
export interface OutputHost {
  onLine(stream: OutputStream, line: string, taskId: number | undefined): void;
  /** The tasks that are announced and have no outcome. */
  running(): readonly number[];
  /** Calls back after what has arrived by then. */
  soon(callback: () => void): void;
}

interface Held {
  readonly stream: OutputStream;
  readonly line: string;
}

type TaskLines = Readonly<Record<OutputStream, Lines>>;

export class WorkerOutput {
  readonly #host: OutputHost;
  readonly #tasks = new Map<number, TaskLines>();
  /** Lines of the pipes whose writer is not known before the channel has been read. */
  #held: Held[] = [];
  /** Who may have written what is in the pipes: every task since they were last empty. */
  readonly #suspects = new Set<number>([noTask]);
  #isLooking = false;
  #isOver = false;

  constructor(host: OutputHost) {
    this.#host = host;
  }

  /** Text over the channel. */
  takeText(taskId: number, stream: OutputStream, text: string): void {
    let lines = this.#tasks.get(taskId);
    if (lines === undefined) {
      lines = this.#linesOf(taskId === noTask ? undefined : taskId);
      this.#tasks.set(taskId, lines);
    }
    lines[stream].pushText(text);
  }

  /** A line out of a pipe. */
  takePiped(stream: OutputStream, line: string): void {
    this.#held.push({ stream, line });
    this.#lookSoon();
  }

  startTask(taskId: number): void {
    // Two are as many as any number.
    if (this.#suspects.size < 2) this.#suspects.add(taskId);
    if (this.#suspects.size > 1) this.#lookSoon();
  }

  /** A last line without its end is told before the task's outcome. */
  endTask(taskId: number): void {
    if (this.#suspects.size > 1) this.#lookSoon();
    const lines = this.#tasks.get(taskId);
    if (lines === undefined) return;
    this.#tasks.delete(taskId);
    lines.stdout.end();
    lines.stderr.end();
  }

  /** The process is gone: what is left waits until the channel has been read to its end. */
  noteExit(): void {
    this.#isOver = true;
  }

  /** Tells all that is left. */
  end(): void {
    this.#isOver = true;
    this.#tellHeld();
    for (const taskId of this.#tasks.keys()) this.endTask(taskId);
  }

  #linesOf(taskId: number | undefined): TaskLines {
    const linesOf = (stream: OutputStream): Lines =>
      new Lines((line) => this.#host.onLine(stream, line, taskId));
    return { stdout: linesOf('stdout'), stderr: linesOf('stderr') };
  }

  /**
   * What a task writes into a pipe is there before its end and the start of the next are told. So after a
   * whole round of reading, begun when both were known, a pipe that gave nothing holds nothing of earlier
   * tasks.
   */
  #lookSoon(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const heldBefore = this.#held.length;
    this.#host.soon(() => this.#host.soon(() => this.#look(heldBefore)));
  }

  #look(heldBefore: number): void {
    this.#isLooking = false;
    if (this.#isOver) return;
    const wasQuiet = this.#held.length === 0 && heldBefore === 0;
    this.#tellHeld();
    if (wasQuiet) this.#suspectThoseWhoRun();
    else this.#lookSoon();
  }

  #suspectThoseWhoRun(): void {
    this.#suspects.clear();
    for (const taskId of this.#host.running().slice(0, 2)) this.#suspects.add(taskId);
  }

  #tellHeld(): void {
    const held = this.#held;
    this.#held = [];
    const [only] = this.#suspects.size === 1 ? this.#suspects : [];
    const taskId = only === noTask ? undefined : only;
    for (const { stream, line } of held) this.#host.onLine(stream, line, taskId);
  }
}
