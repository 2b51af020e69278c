/** Shows the running demo: redrawn in place on a terminal, a line every few seconds anywhere else. */
import process from 'node:process';
import { drawFrame, drawLogLine, type DemoProgress } from './demo-frame.ts';
import { isColored, renderLine } from './terminal-text.ts';

const redrawMs = 100;
const logMs = 3_000;

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
const clearDown = '\u001B[0J';

/** Shows what `look` sees until it is closed; closing takes the picture away and brings the cursor back. */
export class DemoScreen {
  readonly #stream: NodeJS.WriteStream;
  readonly #look: () => DemoProgress;
  readonly #isLive: boolean;
  readonly #timer: NodeJS.Timeout;
  #linesDrawn = 0;
  #tick = 0;

  constructor(stream: NodeJS.WriteStream, look: () => DemoProgress) {
    this.#stream = stream;
    this.#look = look;
    this.#isLive = stream.isTTY && process.env['TERM'] !== 'dumb';
    if (this.#isLive) {
      stream.write(hideCursor);
      // Also when something throws: a terminal without a cursor is a lasting nuisance.
      process.once('exit', this.#restore);
      this.#draw();
    }
    this.#timer = setInterval(() => this.#draw(), this.#isLive ? redrawMs : logMs);
  }

  /** Draws now; for work that holds up the timer. */
  refresh(): void {
    if (this.#isLive) this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    if (!this.#isLive) return;
    process.off('exit', this.#restore);
    this.#restore();
  }

  readonly #restore = (): void => {
    this.#stream.write(`${this.#backToTop()}${clearDown}${showCursor}`);
    this.#linesDrawn = 0;
  };

  #draw(): void {
    if (!this.#isLive) {
      this.#stream.write(`${renderLine(drawLogLine(this.#look()), false)}\n`);
      return;
    }
    const columns = this.#stream.columns > 0 ? this.#stream.columns : 80;
    const colored = isColored(this.#stream, process.env);
    const frame = drawFrame(this.#look(), columns, this.#tick);
    // A line as wide as the terminal would wrap on some, and the next picture would start one line too low.
    const lines = frame.map((pieces) => `${renderLine(pieces, colored, columns - 1)}\u001B[K\n`);
    this.#stream.write(`${this.#backToTop()}${lines.join('')}${clearDown}`);
    this.#linesDrawn = lines.length;
    this.#tick += 1;
  }

  #backToTop(): string {
    return this.#linesDrawn === 0 ? '' : `\u001B[${this.#linesDrawn}F`;
  }
}
