/** What the benchmark makes of its figures: cells, best peers, aims, chart; its lists fit together. */
import { existsSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aims, judge } from '../bench/aims.mjs';
import { besideBest, bestPeer, isBehind } from '../bench/best-peers.mjs';
import { renderChart } from '../bench/chart.mjs';
import { contenders } from '../bench/contenders.mjs';
import { measurements } from '../bench/measurements.mjs';
import { participantsOf } from '../bench/participants.mjs';
import type { Contender, Entry, Metric, Outcome } from '../bench/report.d.mts';
import { headerOf, knownMetrics, notesOf, numberText, rowsOf, seriesRows } from '../bench/summary.mjs';
import { FrameReader, frameParts } from '../bench/workload/frames.mjs';

const throughput: Metric = { name: 'rate', label: 'throughput', unit: 'tasks/s', better: 'higher' };
const time: Metric = { name: 'ms', label: 'call', unit: 'ms', better: 'lower' };
const share: Metric = {
  name: 'share',
  label: 'of perfect scaling',
  unit: '%',
  better: 'higher',
  of: { floor: 'alone', metric: 'ms', factor: 50 },
};

const cast: Contender[] = [
  { name: 'troupe', kind: 'process' },
  { name: 'slow', kind: 'process' },
  { name: 'quick', kind: 'process' },
  { name: 'threads', kind: 'thread' },
  { name: 'alone', kind: 'floor' },
];

function measured(...values: Readonly<Record<string, number | null>>[]): Outcome[] {
  return values.map((each) => ({ kind: 'measured', values: each }));
}

const entry: Entry = {
  name: 'burst',
  outcomes: {
    troupe: measured({ rate: 20, ms: 10 }, { rate: 40, ms: 20 }),
    slow: measured({ rate: 5, ms: 40 }, { rate: 10, ms: 80 }),
    quick: measured({ rate: 10, ms: 20 }, { rate: 20, ms: 40 }),
    threads: measured({ rate: 40, ms: 5 }, { rate: 80, ms: 10 }),
    alone: measured({ rate: 100, ms: 12 }, { rate: 200, ms: 24 }),
  },
};

const among = (...kinds: string[]) => ({ contenders: cast, subject: 'troupe', kinds });

describe('the best peer', () => {
  test('is the best of its kind, and neither the subject nor a floor', () => {
    expect(bestPeer(entry, throughput, among('process'))).toBe('quick');
    expect(bestPeer(entry, time, among('process'))).toBe('quick');
    expect(bestPeer(entry, time, among('thread'))).toBe('threads');
    expect(bestPeer(entry, throughput, among('process', 'thread'))).toBe('threads');
  });

  test('is nobody where nobody has a value', () => {
    const hung: Entry = {
      name: 'x',
      outcomes: { troupe: measured({ ms: 1 }), quick: [{ kind: 'hang', note: 'for ever' }] },
    };
    expect(bestPeer(hung, time, among('process'))).toBeUndefined();
    expect(besideBest(hung, time, among('process'))).toBeUndefined();
  });

  test('is compared round by round', () => {
    expect(besideBest(entry, throughput, among('process'))).toEqual({
      peer: 'quick',
      ratio: { median: 2, min: 2, max: 2 },
    });
  });

  test('is ahead if it takes less time or does more', () => {
    expect(isBehind(1.01, time)).toBe(true);
    expect(isBehind(0.99, time)).toBe(false);
    expect(isBehind(0.99, throughput)).toBe(true);
    expect(isBehind(1, throughput)).toBe(false);
  });
});

describe('a table', () => {
  test('has a ratio beside each figure but where nobody else takes part', () => {
    expect(headerOf(entry, [time], 'troupe')).toEqual(['', 'call, ms', 'troupe ÷ this']);
    expect(rowsOf(entry, [time], 'troupe')[1]).toEqual(['slow', '60.0 (40.0–80.0)', '0.250']);
    const single: Entry = { name: 'x', outcomes: { troupe: measured({ ms: 3 }) } };
    expect(headerOf(single, [time], 'troupe')).toEqual(['', 'call, ms']);
    expect(rowsOf(single, [time], 'troupe')).toEqual([['troupe', '3.00']]);
  });

  test('works out a share of what a floor needed in the same round', () => {
    expect(rowsOf(entry, [share], 'troupe')[0]).toEqual(['troupe', '60.0', '']);
  });

  test('takes null, which JSON makes of what is no number, for no value', () => {
    const gap: Entry = { name: 'x', outcomes: { troupe: measured({ ms: null, rate: 1 }) } };
    expect(rowsOf(gap, [time], 'troupe')).toEqual([['troupe', 'n/a']]);
    expect(knownMetrics(gap, [time, throughput])).toEqual([throughput]);
    expect(knownMetrics(gap, [time])).toEqual([time]);
  });

  test('of a series tells how much the last differs from the one it should be like', () => {
    const metrics = [1, 10, 100].map((depth) => ({ ...time, name: `cpu${depth}` }));
    const grown: Entry = {
      name: 'x',
      outcomes: { troupe: measured({ cpu1: 9, cpu10: 4, cpu100: 6 }), slow: measured({ cpu1: 9 }) },
    };
    expect(seriesRows(grown, metrics, 'cpu10')).toEqual([
      ['troupe', '9.00', '4.00', '6.00', '1.50'],
      ['slow', '9.00', '', '', ''],
    ]);
  });

  test('says of whom a promise was never heard again', () => {
    const hung: Entry = {
      name: 'x',
      outcomes: { slow: [{ kind: 'hang', note: 'no end' }, { kind: 'skipped' }] },
    };
    expect(rowsOf(hung, [time], 'troupe')).toEqual([['slow', 'hang']]);
    expect(notesOf(hung)).toEqual(['slow: hang: no end (1 of 1)']);
  });

  test('has three digits that count', () => {
    expect([0, 0.12345, 9.999, 99.96, 1234.5].map(numberText)).toEqual([
      '0',
      '0.123',
      '10.0',
      '100',
      '1,235',
    ]);
  });
});

describe('an aim', () => {
  const known = [
    { name: 'burst', metrics: [throughput, time] },
    { name: 'start', metrics: [time] },
  ];
  const start: Entry = { name: 'start', outcomes: { troupe: measured({ ms: 5 }, { ms: 40 }) } };
  const report = { contenders: cast, entries: [entry, start] };
  const of = ['burst', 'ms'] as const;

  test('is met by the median, in the direction it names', () => {
    expect(judge({ text: '', of, most: 15 }, report, known)).toMatchObject({ isMet: true });
    expect(judge({ text: '', of, most: 14 }, report, known)).toMatchObject({ isMet: false });
    expect(judge({ text: '', of, least: 15 }, report, known)).toMatchObject({ isMet: true });
    expect(judge({ text: '', of, least: 16 }, report, known)).toMatchObject({ isMet: false });
  });

  test('stands against the best peer, a floor, or another figure of its own', () => {
    const process = { best: ['process'] };
    expect(judge({ text: '', of, against: process, most: 0.5 }, report, known)).toEqual(
      expect.objectContaining({ other: 'quick', measured: { median: 0.5, min: 0.5, max: 0.5 }, isMet: true }),
    );
    expect(judge({ text: '', of, against: process, isInverse: true, least: 3 }, report, known)).toMatchObject(
      { measured: { median: 2 }, isMet: false },
    );
    expect(judge({ text: '', of, against: { floor: 'alone' }, most: 1 }, report, known)).toMatchObject({
      other: 'alone',
      measured: { median: 10 / 12 },
    });
    expect(judge({ text: '', of, against: { own: ['start', 'ms'] }, most: 2 }, report, known)).toMatchObject({
      measured: { median: 1.25, min: 0.5, max: 2 },
    });
  });

  test('of what was not measured is neither met nor missed', () => {
    const nothing = { contenders: cast, entries: [] };
    for (const each of aims)
      expect(judge(each, nothing, measurements)).toMatchObject({ measured: undefined, isMet: undefined });
  });
});

describe('the chart', () => {
  const report = { contenders: cast, entries: [{ ...entry, name: 'bytes-32-mib' }] };

  test('has a bar and a figure, as text, for everyone with a value, from the best to the worst', () => {
    const renamed = JSON.parse(JSON.stringify(report).replaceAll('"ms"', '"callMs"')) as unknown;
    const svg = renderChart(renamed);
    const names = [...svg.matchAll(/text-anchor="end">([^<]+)</gu)].map(([, name]) => name);
    expect(names).toEqual(['threads', 'troupe', 'alone', 'quick', 'slow']);
    expect(svg).toContain('>15.0</text>');
    expect(svg).toContain('prefers-color-scheme: dark');
  });

  test('has no panel for what nobody measured', () => {
    expect(renderChart({ contenders: cast, entries: [] })).not.toContain('class="title"');
  });
});

describe('the lists', () => {
  test('take part: all pools, or the kinds or names it says, and the floors it names', () => {
    const names = (list: readonly Contender[]) => list.map(({ name }) => name).join(' ');
    expect(names(participantsOf({ floors: [] }, cast))).toBe('troupe slow quick threads');
    expect(names(participantsOf({ floors: ['alone'] }, cast))).toBe('troupe slow quick threads alone');
    expect(names(participantsOf({ kinds: ['thread'], floors: [] }, cast))).toBe('threads');
    expect(names(participantsOf({ only: ['troupe'], floors: ['alone'] }, cast))).toBe('troupe');
  });

  test('each contender has an adapter, and each floor a measurement that asks for it', () => {
    const asked = new Set(measurements.flatMap(({ floors }) => floors));
    for (const { name, kind } of contenders) {
      expect(existsSync(new URL(`../bench/contenders/${name}.mjs`, import.meta.url)), name).toBe(true);
      if (kind === 'floor') expect(asked).toContain(name);
    }
    for (const floor of asked) expect(contenders.map(({ name }) => name)).toContain(floor);
  });

  test('each aim is of a metric that is measured', () => {
    for (const { of, against } of aims)
      for (const [name, metric] of [of, against?.own ?? of]) {
        const found = measurements.find((measurement) => measurement.name === name);
        expect(found?.metrics.map((each) => each.name)).toContain(metric);
      }
  });
});

describe('the frames of the bare socketpair', () => {
  const readBytes = 256 * 1024;
  const frames = (sizes: readonly number[]) =>
    sizes.map((size, kind) => ({ kind, body: new Uint8Array(size).fill(size % 251) }));

  function sentAndRead(sizes: readonly number[], cut: number): { kind: number; body: Uint8Array }[] {
    const bytes = Buffer.concat(frames(sizes).flatMap(({ kind, body }) => frameParts(kind, body)));
    const seen: { kind: number; body: Uint8Array }[] = [];
    const reader = new FrameReader((kind, body) => seen.push({ kind, body: Uint8Array.from(body) }));
    const memory = Buffer.alloc(cut);
    for (let at = 0; at < bytes.length; at += cut) {
      reader.push(memory.subarray(0, bytes.copy(memory, 0, at, at + cut)));
      memory.fill(255);
    }
    return seen;
  }

  function same(sizes: readonly number[], cut: number): void {
    const seen = sentAndRead(sizes, cut);
    expect(seen.length).toBe(sizes.length);
    for (const [index, { kind, body }] of frames(sizes).entries()) {
      expect(seen[index]?.kind).toBe(kind);
      expect(Buffer.compare(seen[index]?.body ?? Buffer.from('lost'), body)).toBe(0);
    }
  }

  test('come out as they went in, however the bytes are cut, and from memory that is used again', () => {
    const small = fc.array(fc.constantFrom(0, 1, 5, 300), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(small, fc.integer({ min: 1, max: 400 }), same));
    const large = fc.array(fc.constantFrom(0, 1000, readBytes - 1, readBytes, 3 * readBytes), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(fc.property(large, fc.integer({ min: 4096, max: readBytes }), same), { numRuns: 40 });
  });
});
