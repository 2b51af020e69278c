/** Channels between real processes, one of which dies: what it had sent arrives, and the end is told once. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { Channel } from '../../src/transport/channel.ts';
import { FrameBatch } from '../../src/transport/frame.ts';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), 'troupe-channel-'));
const FRAMES = 500;

afterAll(() => rmSync(folder, { recursive: true }));

interface Peer {
  readonly child: ChildProcess;
  readonly channel: Channel;
  readonly headers: string[];
  readonly binaries: Uint8Array[];
  /** What `onClosed` was told, each time. */
  readonly closings: boolean[];
  readonly closed: Promise<unknown>;
}

function start(command: string, ...args: string[]): Peer {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const socket = child.stdio[3];
  if (!(socket instanceof Socket)) throw new TypeError('the extra descriptor is not a socket');
  const headers: string[] = [];
  const binaries: Uint8Array[] = [];
  const closings: boolean[] = [];
  const ending = new EventEmitter();
  const channel = new Channel(socket, {
    onFrame(header, received) {
      headers.push(header);
      binaries.push(...received);
    },
    onCorrupt(error) {
      throw error;
    },
    onClosed(cutOff) {
      closings.push(cutOff);
      ending.emit('closed');
    },
  });
  return { child, channel, headers, binaries, closings, closed: once(ending, 'closed') };
}

async function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  await once(child, 'close');
  return child.exitCode ?? child.signalCode;
}

function fileOfFrames(name: string, tail: Uint8Array = new Uint8Array(0)): string {
  const batch = new FrameBatch();
  for (let index = 0; index < FRAMES; index++) batch.add(`["returned",${index}]`, [new Uint8Array(100)]);
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat([...batch.take(), tail]));
  return file;
}

interface Death {
  readonly name: string;
  readonly file: string;
  /** What the child has from us, unread, when it dies. */
  readonly unread: readonly Uint8Array[] | null;
  readonly isEnding: boolean;
  readonly isCutOff: boolean;
}

describe('a peer that wrote and was killed before we read or wrote', () => {
  const fifo = path.join(folder, 'alive');
  spawnSync('mkfifo', [fifo]);
  const whole = fileOfFrames('whole');
  const cut = fileOfFrames('cut', Uint8Array.of(0xf7, 0x74, 0x72, 0x01, 200, 0, 0, 0));
  const expected = Array.from({ length: FRAMES }, (_, index) => `["returned",${index}]`);
  const large = new Uint8Array(2_000_000);
  const plain = { file: whole, unread: null, isEnding: false, isCutOff: false };
  const deaths: Death[] = [
    { ...plain, name: 'a write fails' },
    { ...plain, name: 'it had not read what we sent', unread: [] },
    { ...plain, name: 'we have more to send than the kernel takes', unread: [large] },
    { ...plain, name: 'we end our side', isEnding: true },
    { ...plain, name: 'its last frame was cut off', file: cut, isCutOff: true },
  ];

  it.each(deaths)('is heard out, 20 times of 20, although $name', async (death) => {
    for (let round = 0; round < 20; round++) {
      const peer = start('sh', path.join(fixtures, 'channel-write-and-die.sh'), death.file, fifo);
      if (death.unread !== null) peer.channel.send('unread', death.unread);
      peer.channel.flush();
      // Blocks the event loop until the child is dead: nothing of what it wrote has been read by then.
      readFileSync(fifo);
      peer.channel.send('to the dead');
      peer.channel.flush();
      peer.channel.send('and again', [large]);
      if (death.isEnding) peer.channel.end();
      const flushed = new Promise<void>((resolve) => {
        peer.channel.whenFlushed(resolve);
      });
      await Promise.all([peer.closed, exitOf(peer.child), flushed]);
      expect(peer.headers).toEqual(expected);
      expect(peer.closings).toEqual([death.isCutOff]);
      expect(peer.channel.pendingBytes).toBe(0);
    }
  });
});

describe('a peer in Node', () => {
  const args = ['--import', 'tsx', path.join(fixtures, 'channel-peer.ts')];

  it('echoes thousands of frames and large binaries, and leaves when we end', async () => {
    const peer = start(process.execPath, ...args);
    const large = new Uint8Array(3_000_000).map((_, index) => index * 31);
    const headers = Array.from({ length: 5000 }, (_, index) => `frame ${index} é€😀`);
    for (const header of headers) peer.channel.send(header);
    peer.channel.send('large', [large, Uint8Array.of(1), large]);
    peer.channel.send('last');
    peer.channel.end();
    const [exit] = await Promise.all([exitOf(peer.child), peer.closed]);
    expect(exit).toBe(0);
    expect(peer.headers).toEqual([...headers, 'large', 'last']);
    expect(peer.binaries.map((binary) => Buffer.compare(binary, large))).toEqual([0, 1, 0]);
    expect(peer.closings).toEqual([false]);
  });

  it('has sent everything when whenFlushed calls back, even if it kills itself then', async () => {
    const peer = start(process.execPath, ...args);
    peer.channel.send('last-words');
    const [exit] = await Promise.all([exitOf(peer.child), peer.closed]);
    expect(exit).toBe('SIGKILL');
    expect(peer.headers).toEqual(['small', 'large']);
    expect(peer.binaries[0]).toHaveLength(6_000_000);
    expect(peer.closings).toEqual([false]);
  });
});
