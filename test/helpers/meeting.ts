/** A place where tasks of other processes are until they are let go: counts who is there at the same time. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface Guest {
  readonly name: string;
  readonly pid: number;
  readonly socket: Socket;
}

export class Meeting {
  /** The most that were there at a time. */
  peak = 0;
  readonly port: number;
  readonly #guests = new Map<Socket, Guest>();
  #watchers: (() => void)[] = [];
  #isOver = false;

  constructor(server: Server) {
    const address = server.address();
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    server.on('connection', (socket) => this.#receive(socket));
  }

  present(name = ''): Guest[] {
    return [...this.#guests.values()].filter((guest) => guest.name.startsWith(name));
  }

  /** Resolves when so many are there, of those whose name begins so. */
  async whenPresent(count: number, name = ''): Promise<Guest[]> {
    while (this.present(name).length !== count)
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
      });
    return this.present(name);
  }

  /** They do nothing any more, and are not there from now on. */
  letGo(guests: readonly Guest[]): void {
    for (const { socket } of guests) {
      this.#guests.delete(socket);
      socket.write('go');
    }
  }

  /** Lets them go one by one: whenever so many are there, so often. */
  async letGoByTurns(count: number, times: number): Promise<void> {
    for (let left = times; left > 0; left -= 1) this.letGo((await this.whenPresent(count)).slice(0, 1));
    await this.whenPresent(count);
  }

  /** Lets go who is there, and who comes. */
  end(): void {
    this.#isOver = true;
    this.letGo(this.present());
  }

  #receive(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.on('data', (text) => {
      const { name, pid } = JSON.parse(String(text)) as { name: string; pid: number };
      this.#guests.set(socket, { name, pid, socket });
      this.peak = Math.max(this.peak, this.#guests.size);
      this.#tell();
      if (this.#isOver) this.letGo(this.present());
    });
    socket.on('end', () => socket.end());
    // Some die.
    socket.on('close', () => {
      if (this.#guests.delete(socket)) this.#tell();
    });
  }

  #tell(): void {
    const watchers = this.#watchers;
    this.#watchers = [];
    for (const watcher of watchers) watcher();
  }
}

export async function openMeeting(): Promise<Meeting> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return new Meeting(server);
}
