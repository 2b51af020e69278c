/** The parts behind `pool.workers`: /proc, places, pauses of the parent, and the pulse of a child. */
import { describe, expect, test } from 'vitest';
import type { ChildPorts } from '../../src/child/child-ports.ts';
import { Pulse } from '../../src/child/pulse.ts';
import { PauseWatch } from '../../src/parent/pause-watch.ts';
import { Places } from '../../src/parent/places.ts';
import { usageIn } from '../../src/parent/process-usage.ts';
import type { WorkerLink } from '../../src/parent/worker-link.ts';
import { WorkerPulse } from '../../src/parent/worker-pulse.ts';

const stat = (name: string): string =>
  `42 (${name}) S 1 42 42 0 -1 4194560 1 0 0 0 123 45 6 7 20 0 11 0 100 1000 200 18446744073709551615`;

/** Time that passes when a test says so. A timer that is late fires once, late. */
class Time {
  nowMs = 0;
  #timers: { readonly dueMs: number; readonly callback: () => void }[] = [];

  get isIdle(): boolean {
    return this.#timers.length === 0;
  }

  now(): number {
    return this.nowMs;
  }

  after(delayMs: number, callback: () => void): { cancel(): void } {
    this.#timers.push({ dueMs: this.nowMs + delayMs, callback });
    return { cancel: () => undefined };
  }

  /** Nothing happens for so long; then what is due does. */
  block(ms: number): void {
    this.nowMs += ms;
    const due = this.#timers.filter(({ dueMs }) => dueMs <= this.nowMs);
    this.#timers = this.#timers.filter(({ dueMs }) => dueMs > this.nowMs);
    for (const { callback } of due) callback();
  }

  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 1) this.block(1);
  }
}

describe('/proc', () => {
  test.each(['node', 'a (b) c', ') S 1 2 3'])('is read, whatever the program is called: %s', (name) => {
    expect(usageIn(stat(name), 'Name:\tx\nVmRSS:\t    2048 kB\n')).toEqual({
      rssBytes: 2 * 1024 * 1024,
      cpuMs: 1_680,
    });
  });

  test('tells nothing of the dead', () => {
    expect(usageIn(stat('node'), 'Name:\tx\nState:\tZ (zombie)\n')).toBeUndefined();
    expect(usageIn('', 'VmRSS: 1 kB\n')).toBeUndefined();
  });
});

test('a worker takes the place that has been vacant longest', () => {
  const places = new Places();
  const first = places.take();
  expect(first).toEqual({ replaces: undefined, restarts: 0 });
  places.vacate(1, first);
  places.vacate(2, { replaces: 9, restarts: 4 });
  expect(places.take()).toEqual({ replaces: 1, restarts: 1 });
  expect(places.take()).toEqual({ replaces: 2, restarts: 5 });
  expect(places.take()).toEqual({ replaces: undefined, restarts: 0 });
});

describe('a pause of the parent', () => {
  function watch(): { time: Time; pulse: WorkerPulse; excused: number[]; watching: PauseWatch } {
    const time = new Time();
    const excused: number[] = [];
    const pulse = new WorkerPulse();
    const asked = { workerId: 1, pulse };
    const quiet = { workerId: 2, pulse: new WorkerPulse() };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that is read of it
    const links = new Map([asked, quiet].map((link) => [link.workerId, link as unknown as WorkerLink]));
    const watching = new PauseWatch(time, links, 400, (ids) => excused.push(...ids));
    pulse.ask(time.nowMs);
    watching.start();
    return { time, pulse, excused, watching };
  }

  test('excuses whoever has not answered, and nobody else', () => {
    const { time, excused } = watch();
    time.pass(150);
    time.block(200);
    expect(excused).toEqual([1]);
  });

  test('is none if it is short', () => {
    const { time, excused } = watch();
    for (let left = 10; left > 0; left -= 1) time.block(99);
    expect(excused).toEqual([]);
  });

  test('matters only while an answer is missing', () => {
    const { time, pulse, excused, watching } = watch();
    pulse.answer(time.nowMs);
    time.block(1_000);
    expect(excused).toEqual([]);
    expect(time.isIdle).toBe(true);
    pulse.ask(time.nowMs);
    watching.start();
    time.block(1_000);
    expect(excused).toEqual([1]);
  });
});

test('a silence begins with the first question that has no answer', () => {
  const pulse = new WorkerPulse();
  pulse.ask(100);
  pulse.ask(200);
  expect(pulse.silentMs(350)).toBe(250);
  pulse.answer(400);
  expect(pulse.lastSilentMs).toBe(300);
  expect(pulse.silentMs(500)).toBe(0);
});

describe('a pulse', () => {
  function start(): { time: Time; pulse: Pulse; reports: number[]; tasks: { running: number } } {
    const time = new Time();
    const reports: number[] = [];
    const tasks = { running: 0 };
    const ports: Pick<ChildPorts, 'now' | 'after' | 'usage'> = {
      now: () => time.now(),
      after: (ms, callback) => void time.after(ms, callback),
      usage: () => ({ rssBytes: 1, cpuMicros: 2 }),
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- all that it uses
    const pulse = new Pulse(
      ports as ChildPorts,
      () => tasks.running > 0,
      (lagMs) => reports.push(lagMs),
    );
    return { time, pulse, reports, tasks };
  }

  test('is told once a second while there are tasks, once more, and then not at all', () => {
    const { time, pulse, reports, tasks } = start();
    time.pass(500);
    expect(time.isIdle).toBe(true);
    tasks.running = 1;
    pulse.noteTask();
    time.pass(3_000);
    expect(reports).toEqual([0, 0, 0]);
    tasks.running = 0;
    time.pass(1_000);
    expect(reports).toHaveLength(4);
    expect(time.isIdle).toBe(true);
  });

  test('tells of a block as soon as it is over, and is not hidden by the last report', () => {
    const { time, pulse, reports } = start();
    pulse.noteTask();
    time.pass(50);
    time.block(2_000);
    expect(reports).toEqual([1_950]);
    time.pass(200);
    expect(reports).toEqual([1_950, 1_950]);
  });

  test('forgets what was long ago', () => {
    const { time, pulse, reports, tasks } = start();
    tasks.running = 1;
    pulse.noteTask();
    time.block(2_000);
    time.pass(3_000);
    expect(reports.at(0)).toBe(1_900);
    expect(reports.at(-1)).toBe(0);
  });
});
