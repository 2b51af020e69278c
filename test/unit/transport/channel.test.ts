/** Both ends of a channel in one process: one write per turn, handlers that throw, garbage, and closing. */
import { once } from 'node:events';
import type net from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { ProtocolError } from '../../../src/errors.ts';
import { Channel } from '../../../src/transport/channel.ts';
import { socketPair, Witness } from '../../helpers/socket-pair.ts';

async function channelPair(): Promise<{
  sender: Channel;
  senderSocket: net.Socket;
  there: Witness;
  here: Witness;
}> {
  const [senderSocket, receiverSocket] = await socketPair();
  const here = new Witness();
  const there = new Witness();
  const sender = new Channel(senderSocket, here);
  const receiver = new Channel(receiverSocket, there);
  receiver.ref();
  return { sender, senderSocket, here, there };
}

describe('sending', () => {
  it('puts everything of one turn into one write, promise reactions included', async () => {
    const { sender, senderSocket, there } = await channelPair();
    const write = vi.spyOn(senderSocket, 'write');
    sender.send('1');
    await Promise.resolve().then(() => sender.send('2'));
    sender.send('3', [Uint8Array.of(1)]);
    expect(sender.pendingBytes).toBe(13 + 13 + 18);
    sender.end();
    await there.closed;
    expect(write).toHaveBeenCalledTimes(1);
    expect(there.heard).toEqual(['1', '2', ['3', 1], 'closed']);
  });

  it('keeps the order of frames around large binaries', async () => {
    const { sender, there } = await channelPair();
    sender.send('small');
    sender.send('large', [new Uint8Array(300_000), new Uint8Array(70_000)]);
    sender.send('small again');
    sender.end();
    await there.closed;
    expect(there.heard).toEqual(['small', ['large', 300_000, 70_000], 'small again', 'closed']);
  });

  it('tells by flush whether the kernel took everything, and by whenFlushed when it did', async () => {
    const [senderSocket, slowReader] = await socketPair();
    const sender = new Channel(senderSocket, new Witness());
    sender.send('small');
    expect(sender.flush()).toBe(true);
    expect(sender.pendingBytes).toBe(0);
    sender.send('large', [new Uint8Array(8_000_000)]);
    expect(sender.flush()).toBe(false);
    expect(sender.pendingBytes).toBeGreaterThan(0);
    const flushed = new Promise<void>((resolve) => {
      sender.whenFlushed(resolve);
    });
    slowReader.resume();
    await flushed;
    expect(sender.pendingBytes).toBe(0);
    expect(sender.flush()).toBe(true);
  });

  it('never calls back from inside whenFlushed', async () => {
    const { sender } = await channelPair();
    let isInside = true;
    const flushed = new Promise<boolean>((resolve) => {
      sender.whenFlushed(() => resolve(isInside));
    });
    isInside = false;
    expect(await flushed).toBe(false);
  });

  it('refuses a frame above the limits and goes on', async () => {
    const [senderSocket, receiverSocket] = await socketPair();
    const there = new Witness();
    const limits = { frameBytesMax: 100 };
    const sender = new Channel(senderSocket, new Witness(), limits);
    const receiver = new Channel(receiverSocket, there, limits);
    expect(() => sender.send('x'.repeat(100))).toThrow(/the whole of it has 112 bytes, the limit is 100/);
    sender.send('x');
    sender.end();
    await there.closed;
    receiver.destroy();
    expect(there.heard).toEqual(['x', 'closed']);
  });
});

describe('receiving', () => {
  it.skipIf(!('transfer' in ArrayBuffer.prototype))(
    'frees what a socket read once it has copied it',
    async () => {
      const [senderSocket, receiverSocket] = await socketPair();
      const sent = Buffer.alloc(4 * 1024 * 1024, 'every byte counts');
      const chunks: Buffer[] = [];
      let received: Uint8Array = Buffer.alloc(0);
      const witness = new Witness();
      const receiver = new Channel(receiverSocket, {
        onFrame: (_header, [binary = received]) => (received = binary),
        onCorrupt: (error) => witness.onCorrupt(error),
        onClosed: (cutOff) => witness.onClosed(cutOff),
      });
      let largestBytes = 0;
      receiverSocket.prependListener('data', (chunk: Buffer) => {
        largestBytes = Math.max(largestBytes, chunk.byteLength);
        chunks.push(chunk);
      });
      const sender = new Channel(senderSocket, new Witness());
      sender.send('large', [sent]);
      sender.end();
      await witness.closed;
      expect(witness.heard).toStrictEqual(['closed']);
      expect(sent.equals(received)).toBe(true);
      expect(largestBytes).toBeGreaterThan(32 * 1024);
      expect(Math.max(...chunks.map((chunk) => chunk.buffer.byteLength))).toBeLessThan(32 * 1024);
      receiver.destroy();
    },
  );

  it('leaves memory alone that holds more than the chunk', async () => {
    const [, receiverSocket] = await socketPair();
    const receiver = new Channel(receiverSocket, new Witness());
    const memory = Buffer.alloc(128 * 1024, 'x');
    receiver.destroy();
    receiverSocket.emit('data', memory.subarray(0, 64 * 1024));
    expect(memory.byteLength).toBe(128 * 1024);
  });

  it('goes on after a handler threw, whose error surfaces as uncaught', async () => {
    const [senderSocket, receiverSocket] = await socketPair();
    const there = new Witness();
    const onFrame = there.onFrame.bind(there);
    there.onFrame = (header, binaries) => {
      onFrame(header, binaries);
      if (header === '1') throw new Error('a bug in a handler');
    };
    const receiver = new Channel(receiverSocket, there);
    const uncaught = catchUncaught();
    const sender = new Channel(senderSocket, new Witness());
    for (const header of ['1', '2', '3']) sender.send(header);
    sender.end();
    await there.closed;
    receiver.destroy();
    expect(there.heard).toEqual(['1', '2', '3', 'closed']);
    expect(await uncaught).toMatchObject({ message: 'a bug in a handler' });
  });

  it('reports garbage once, after the frames before it, and closes', async () => {
    const [raw, receiverSocket] = await socketPair();
    const there = new Witness();
    const receiver = new Channel(receiverSocket, there);
    const sender = new Channel(raw, new Witness());
    sender.send('good');
    sender.flush();
    raw.write('console output\n');
    raw.write('more of it\n');
    await there.closed;
    expect(there.heard).toEqual(['good', expect.any(ProtocolError), 'closed']);
    expect(receiver.pendingBytes).toBe(0);
  });

  it('tells that the last frame was cut off', async () => {
    const [raw, receiverSocket] = await socketPair();
    const there = new Witness();
    const receiver = new Channel(receiverSocket, there);
    raw.end(Uint8Array.of(0xf7, 0x74, 0x72, 0x01, 5));
    await there.closed;
    expect(there.heard).toEqual(['closed, cut off']);
    receiver.destroy();
  });
});

/** The next uncaught error, kept from the test runner. */
function catchUncaught(): Promise<unknown> {
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  return new Promise((resolve) => {
    process.once('uncaughtException', (error) => {
      for (const listener of others) process.on('uncaughtException', listener);
      resolve(error);
    });
  });
}

describe('closing', () => {
  it('still delivers what the peer sends after our end', async () => {
    const [hereSocket, raw] = await socketPair();
    const here = new Witness();
    const channel = new Channel(hereSocket, here);
    channel.send('last words');
    channel.end();
    channel.send('dropped');
    raw.resume();
    await once(raw, 'end');
    const answer = new Channel(raw, new Witness());
    answer.send('answer');
    answer.end();
    await here.closed;
    expect(here.heard).toEqual(['answer', 'closed']);
  });

  it('by destroy drops what is queued, delivers nothing more and reports the end once', async () => {
    const { sender, here, there } = await channelPair();
    sender.send('never sent');
    sender.destroy();
    sender.destroy();
    sender.end();
    sender.send('dropped');
    const flushed = new Promise<void>((resolve) => {
      sender.whenFlushed(resolve);
    });
    await Promise.all([here.closed, there.closed, flushed]);
    expect(here.heard).toEqual(['closed']);
    expect(there.heard).toEqual(['closed']);
    expect(sender.flush()).toBe(true);
  });

  it('from inside a handler keeps the frames behind it back', async () => {
    const [senderSocket, receiverSocket] = await socketPair();
    const there = new Witness();
    const receiver = new Channel(receiverSocket, there);
    const onFrame = there.onFrame.bind(there);
    there.onFrame = (header, binaries) => {
      onFrame(header, binaries);
      receiver.destroy();
    };
    const sender = new Channel(senderSocket, new Witness());
    sender.send('1');
    sender.send('2');
    await there.closed;
    expect(there.heard).toEqual(['1', 'closed']);
  });

  it('lets whenFlushed call back although the bytes can never be written', async () => {
    const [senderSocket] = await socketPair();
    const sender = new Channel(senderSocket, new Witness());
    sender.send('large', [new Uint8Array(8_000_000)]);
    const flushed = new Promise<void>((resolve) => {
      sender.whenFlushed(resolve);
    });
    sender.destroy();
    await flushed;
    expect(sender.pendingBytes).toBe(0);
  });

  it('is reported for a socket that was closed before', async () => {
    const [socket] = await socketPair();
    socket.destroy();
    await once(socket, 'close');
    const here = new Witness();
    const channel = new Channel(socket, here);
    channel.unref();
    await here.closed;
    expect(here.heard).toEqual(['closed']);
  });
});
