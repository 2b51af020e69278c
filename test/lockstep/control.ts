/** Where gated children call in: each is told one thing at a time, and answers. */
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, Order } from './orders.ts';

/** The line to one child. */
export class ControlLine {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  take(answer: Answer): void {
    this.#waiting.get(answer.number)?.(answer);
    this.#waiting.delete(answer.number);
  }

  /** Resolves when it has answered; never, if it dies over it. */
  order(order: Order, isFlushSlow: boolean): Promise<Answer> {
    this.#last += 1;
    const number = this.#last;
    this.#socket.write(`${JSON.stringify({ number, order, isFlushSlow })}\n`);
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
    });
  }
}

export class Control {
  readonly address: string;
  readonly #server: Server;
  readonly #lines = new Map<number, (line: ControlLine) => void>();
  #lastKey = 0;

  private constructor(address: string) {
    this.address = address;
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  static async open(folder: string): Promise<Control> {
    const control = new Control(path.join(folder, 'control'));
    await new Promise<void>((resolve) => void control.#server.listen(control.address, resolve));
    return control;
  }

  close(): void {
    this.#server.close();
  }

  /** A number by which a child names itself, and its line when it has called. */
  expect(): { readonly key: number; readonly line: Promise<ControlLine> } {
    this.#lastKey += 1;
    const key = this.#lastKey;
    const line = new Promise<ControlLine>((resolve) => {
      this.#lines.set(key, resolve);
    });
    return { key, line };
  }

  #welcome(socket: Socket): void {
    const line = new ControlLine(socket);
    socket.on('error', () => undefined);
    const lines = createInterface({ input: socket });
    // It was killed while it spoke.
    lines.on('error', () => undefined);
    lines.on('line', (text) => {
      const said = JSON.parse(text) as Answer | { readonly key: number };
      if ('key' in said) this.#lines.get(said.key)?.(line);
      else line.take(said);
    });
  }
}
