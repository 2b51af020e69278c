/** Both ends of a socket pair in one process, and who writes down what a channel over one of them reports. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ProtocolError } from '../../src/errors.ts';
import type { ChannelHandlers } from '../../src/transport/channel.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'troupe-channel-'));
const server = net.createServer({ allowHalfOpen: true });
const sockets: net.Socket[] = [];

beforeAll(async () => {
  server.listen(path.join(folder, 'socket'));
  await once(server, 'listening');
});

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Whoever imports this gets a server for the test file, and its sockets closed after each test. */
export async function socketPair(): Promise<[net.Socket, net.Socket]> {
  const accepted = new Promise<net.Socket>((resolve) => {
    server.once('connection', resolve);
  });
  const here = net.connect(path.join(folder, 'socket'));
  await once(here, 'connect');
  const pair: [net.Socket, net.Socket] = [here, await accepted];
  sockets.push(...pair);
  return pair;
}

/** Writes down what a channel reports, and resolves at its end. */
export class Witness implements ChannelHandlers {
  readonly heard: unknown[] = [];
  readonly closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;

  constructor() {
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
  }

  onFrame(header: string, binaries: readonly Uint8Array[]): void {
    this.heard.push(binaries.length === 0 ? header : [header, ...binaries.map((binary) => binary.length)]);
  }

  onCorrupt(error: ProtocolError): void {
    this.heard.push(error);
  }

  onClosed(cutOff: boolean): void {
    this.heard.push(cutOff ? 'closed, cut off' : 'closed');
    this.#resolveClosed();
  }
}
