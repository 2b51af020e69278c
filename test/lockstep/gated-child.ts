/**
 * What `node` runs in a child of a lockstep: the real interpreter on the real channel, but it boots, reads,
 * ends a function and leaves only when it is told to, and says what it is like after each.
 */
import { spawn } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { messageHeader } from '../../src/codec/codec.ts';
import { currentTask } from '../../src/api/current-task.ts';
import { openNestedPools } from '../../src/api/nested-pool.ts';
import { ChildInterpreter } from '../../src/child/interpreter.ts';
import { loadFunction } from '../../src/child/module-loader.ts';
import type { System } from '../../src/runtime/system.ts';
import { GatedChannel } from './gated-channel.ts';
import {
  type Answer,
  functionsOfTasks,
  initializeReference,
  type NumberedOrder,
  type Order,
  taskReference,
  textOf,
} from './orders.ts';

const channelDescriptor = 3;
const garbage = new Uint8Array(64).fill(0xff);

interface Frame {
  readonly header: string;
  readonly binaries: readonly Uint8Array[];
}

interface Ending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

class GatedChild {
  readonly #channel: GatedChannel;
  readonly #interpreter: ChildInterpreter;
  #system: System | null = null;
  #inbox: Frame[] = [];
  #onFrame: (() => void) | null = null;
  #initializing: Ending | null = null;
  readonly #running = new Map<number, Ending>();
  readonly #looks: (() => void)[] = [];
  #nowMs = 0;
  #holder: number | null = null;

  constructor() {
    subscribe('troupe:system', (system) => {
      this.#system = system as System;
    });
    const socket = new Socket({ fd: channelDescriptor, readable: true, writable: true });
    this.#channel = new GatedChannel(socket, {
      onFrame: (header, binaries) => this.#receive({ header, binaries }),
      onCorrupt: () => process.exit(1),
      // It sees the end when it is told to.
      onClosed: () => undefined,
    });
    this.#interpreter = new ChildInterpreter(this.#channel, {
      pid: process.pid,
      // Every look at the clock finds that much time has passed: it always looks at the channel.
      now: () => (this.#nowMs += 1_000),
      soon: (callback) => void this.#looks.push(callback),
      after: () => undefined,
      usage: () => ({ rssBytes: 0, cpuMicros: 0 }),
      captureOutput: () => null,
      nestedPools: openNestedPools,
      onLease: () => undefined,
      exit: (code) => process.exit(code),
    });
    Reflect.set(globalThis, functionsOfTasks, {
      initialize: () => this.#whenTold((ending) => (this.#initializing = ending)),
      task: () => this.#whenTold((ending) => this.#running.set(taskNumber(), ending)),
    });
  }

  async obey({ number, order, isFlushSlow }: NumberedOrder): Promise<Answer> {
    let problem: string | null = null;
    this.#channel.isFlushSlow = isFlushSlow;
    try {
      await this.#carryOut(order);
    } catch (error) {
      problem = String(error);
    }
    // Whatever follows from it in this process is over by then.
    await new Promise((resolve) => void setImmediate(resolve));
    this.#channel.isFlushSlow = true;
    return {
      number,
      state: this.#system?.stateOf('child', 0) ?? '',
      context: this.#system?.contextOf('child', 0),
      held: this.#channel.held,
      sent: this.#channel.sent,
      holder: this.#holder,
      problem,
    };
  }

  async #carryOut(order: Order): Promise<void> {
    switch (order.do) {
      case 'boot':
        this.#interpreter.post({ type: 'boot.finished' });
        break;
      case 'read':
        await this.#read();
        break;
      case 'look':
        taken(this.#looks.shift(), 'It does not look at the channel.')();
        break;
      case 'see the end':
        this.#interpreter.post({ type: 'channel.closed' });
        break;
      case 'exit':
        this.#channel.leave();
        break;
      // It answers first.
      case 'hang':
        break;
      case 'break the channel':
        this.#channel.break();
        break;
      case 'write garbage':
        writeSync(channelDescriptor, garbage);
        break;
      case 'have the channel held':
        await this.#haveChannelHeld();
        break;
      case 'initialize':
        end(taken(this.#initializing, 'It does not initialize.'), order.fails ? 'threw' : 'returned');
        break;
      case 'end':
        end(taken(this.#running.get(order.taskId), `Task ${order.taskId} does not run.`), order.outcome);
        this.#running.delete(order.taskId);
        break;
      case 'flush':
        this.#channel.flushAnnouncement(order.taskId);
        break;
      case 'release':
        this.#channel.release(order.count);
        break;
      case 'babble':
        this.#channel.send(messageHeader(order.message));
        break;
    }
  }

  /** Takes the next message; the address of a function is no message of its own. */
  async #read(): Promise<void> {
    for (;;) {
      while (this.#inbox.length === 0)
        await new Promise<void>((resolve) => {
          this.#onFrame = resolve;
        });
      const { header, binaries } = taken(this.#inbox.shift(), 'There is no message.');
      this.#interpreter.receive(header, binaries);
      if (textOf(header) !== 'function') return;
    }
  }

  #receive(frame: Frame): void {
    this.#inbox.push(frame);
    this.#onFrame?.();
    this.#onFrame = null;
  }

  /** A process outside this one's group that has the same channel. */
  async #haveChannelHeld(): Promise<void> {
    const stdio = ['ignore', 'ignore', 'ignore', channelDescriptor] as const;
    const holder = spawn('sleep', ['60'], { stdio: [...stdio], detached: true });
    await new Promise((resolve) => void holder.once('spawn', resolve));
    holder.unref();
    this.#holder = holder.pid ?? null;
  }

  #whenTold(note: (ending: Ending) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      note({ resolve, reject });
    });
  }
}

const taskNumber = (): number => Number(currentTask()?.id.split('/').at(-1));

function end({ resolve, reject }: Ending, outcome: 'returned' | 'threw'): void {
  if (outcome === 'returned') resolve('done');
  else reject(new Error('It threw, as it was told to.'));
}

function taken<Value>(value: Value | null | undefined, otherwise: string): Value {
  if (value === null || value === undefined) throw new Error(otherwise);
  return value;
}

const { LOCKSTEP_ADDRESS = '', LOCKSTEP_KEY = '' } = process.env;
const child = new GatedChild();
for (const reference of [initializeReference, taskReference]) await loadFunction(reference);
const control = connect(LOCKSTEP_ADDRESS);
const write = (line: unknown, onWritten?: () => void): void =>
  void control.write(`${JSON.stringify(line)}\n`, onWritten);
const hang = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
control.on('error', () => process.exit(1));
control.on('close', () => process.exit(1));
write({ key: Number(LOCKSTEP_KEY) });
for await (const line of createInterface({ input: control })) {
  const numbered = JSON.parse(line) as NumberedOrder;
  write(await child.obey(numbered), numbered.order.do === 'hang' ? hang : undefined);
}
