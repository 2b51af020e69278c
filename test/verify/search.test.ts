/** The search itself: reductions, limits, what goes to disk, and that two runs say the same. */
import { describe, expect, test } from 'vitest';
import {
  always,
  check,
  eventually,
  type Model,
  model,
  type Report,
  sometimes,
} from '../../src/verify/index.ts';
import { Frontier } from '../../src/verify/frontier.ts';
import { clients } from './clients.ts';
import { philosophers } from './philosophers.ts';

/** Counters that each go from 0 to `max`: (max + 1) ** counters moments, and many of them wait at a time. */
const counters: Model<{ counters: number; max: number; forbidden: number }> = model({
  name: 'counters',
  machines: {},
  scope: { counters: 7, max: 4, forbidden: -1 },
  topology: ({ counters: count }) => ({
    members: [],
    sorts: { counter: { count, isSymmetric: false, fields: [] } },
    records: { value: 'counter' },
  }),
  environment: ({ counters: count, max }) => ({
    moves: (world, moves) => {
      for (let id = 1; id <= count; id += 1) {
        const { at } = world.find<{ at: number }>('value', id) ?? { at: 0 };
        if (at < max) moves.push({ name: 'count', kind: 'caller', id, detail: 0 });
      }
    },
    apply: (world, { id }) => {
      const { at } = world.find<{ at: number }>('value', id) ?? { at: 0 };
      world.put('value', id, { at: at + 1 });
    },
    mayRest: () => true,
  }),
  properties: ({ forbidden }) => [
    always('not forbidden', (world) => world.find<{ at: number }>('value', 1)?.at !== forbidden),
    sometimes('full', (world) => world.find<{ at: number }>('value', 1)?.at === 4),
  ],
});

describe('symmetry', () => {
  test.each([
    [{ clients: 2, visits: 1, sneezes: 0 }],
    [{ clients: 3, visits: 1, sneezes: 0 }],
    [{ clients: 2, visits: 2, sneezes: 0 }],
    [{ clients: 2, visits: 1, sneezes: 1 }],
  ])('changes no verdict and finds no more moments: %o', (scope) => {
    const [reduced, full] = [true, false].map((symmetry) =>
      check(clients, { ...scope, symmetry, reduction: false }),
    );
    expect(full).toMatchObject({ verdict: 'passed', unseen: [] });
    expect(reduced).toMatchObject({ verdict: 'passed', unseen: [], depth: full?.depth });
    expect(reduced?.states).toBeLessThan(full?.states ?? 0);
    expect(Object.keys(reduced?.moves ?? {}).toSorted()).toEqual(Object.keys(full?.moves ?? {}).toSorted());
  });

  test('counts each class of moments once', () => {
    const counts = [false, true].map((symmetry) => check(clients, { symmetry }).states);
    expect(counts).toEqual([180, 45]);
  });
});

describe('reduction', () => {
  test.each([[{ clients: 2, visits: 1, sneezes: 1 }], [{ clients: 2, visits: 1, sneezes: 2 }]])(
    'changes no verdict and finds no more moments: %o',
    (scope) => {
      const [reduced, full] = [true, false].map((reduction) => check(clients, { ...scope, reduction }));
      expect(reduced).toMatchObject({ verdict: full?.verdict, unseen: full?.unseen });
      expect(reduced?.states).toBeLessThan(full?.states ?? 0);
    },
  );
});

test('an independent move that comes again and again hides nothing', () => {
  const found = [true, false].map((reduction) =>
    check(clients, { clients: 2, sneezes: Infinity, reduction }),
  );
  expect(found[0]).toMatchObject({ verdict: 'passed', states: found[1]?.states });
});

test('a circle that only reduction takes for fair is looked at again without it', () => {
  const blinker = model({
    name: 'blinker',
    machines: {},
    scope: {},
    topology: () => ({ members: [], records: { light: null, left: null } }),
    environment: () => ({
      moves: (world, moves) => {
        moves.push({ name: 'blink', kind: 'system', id: 0, detail: 0, isIndependent: true });
        if (!world.has('left')) moves.push({ name: 'leave', kind: 'system', id: 0, detail: 0 });
      },
      apply: (world, { name }) => {
        if (name === 'leave') world.put('left', 0, {});
        else if (world.has('light')) world.drop('light');
        else world.put('light', 0, {});
      },
    }),
    properties: () => [eventually('it has left', (world) => world.has('left'))],
  });
  expect(check(blinker)).toMatchObject({ verdict: 'passed', states: 4, reductions: { reduction: false } });
});

describe('what does not fit into memory', () => {
  test('waits on disk, and changes nothing', () => {
    const [roomy, tight] = [2 ** 28, 1].map((frontierBytes) =>
      check(counters, { limits: { frontierBytes } }),
    );
    expect(roomy).toMatchObject({
      verdict: 'passed',
      states: 5 ** 7,
      edges: 7 * 4 * 5 ** 6,
      spilledBytes: 0,
    });
    expect(tight).toMatchObject({ verdict: 'passed', states: 5 ** 7, edges: 7 * 4 * 5 ** 6, depth: 28 });
    expect(tight?.spilledBytes).toBeGreaterThan(0);
  });

  test('comes back in its order', () => {
    const frontier = new Frontier(2, 1);
    const row = new Int32Array(2);
    const seen: number[] = [];
    for (let at = 0; at < 20_000; at += 1) {
      frontier.push(Int32Array.of(at, -at));
      if (at % 3 === 0 && frontier.shift(row)) seen.push(row[0] ?? -1);
    }
    while (frontier.shift(row)) seen.push(row[0] ?? -1);
    frontier.close();
    expect(seen).toEqual(Array.from({ length: 20_000 }, (_, at) => at));
  });
});

describe('a limit', () => {
  test('on moments makes the verdict incomplete', () => {
    const report = check(counters, { limits: { states: 1_000 } });
    expect(report).toMatchObject({
      verdict: 'incomplete',
      stopped: 'states',
      counterexample: null,
      unseen: [],
    });
    expect(report.states).toBeGreaterThanOrEqual(1_000);
    expect(report.states).toBeLessThan(1_010);
    expect(report.waiting).toBeGreaterThan(0);
    expect(report.notJudged).toEqual(['full']);
  });

  test('on seconds makes the verdict incomplete', () => {
    const report = check(counters, { counters: 12, limits: { seconds: 0 } });
    expect(report).toMatchObject({ verdict: 'incomplete', stopped: 'seconds' });
  });

  test('that is just large enough is no limit', () => {
    expect(check(philosophers, { isOrdered: true, limits: { states: 328 } })).toMatchObject({
      verdict: 'passed',
    });
    expect(check(philosophers, { isOrdered: true, limits: { states: 327 } })).toMatchObject({
      verdict: 'incomplete',
    });
  });

  test('does not hide what was found before it', () => {
    const report = check(counters, { forbidden: 1, limits: { states: 1_000 } });
    expect(report).toMatchObject({ verdict: 'failed', counterexample: { property: 'not forbidden' } });
    expect(report.counterexample?.steps).toHaveLength(1);
  });
});

describe('two runs', () => {
  const told = (report: Report): object => ({ ...report, seconds: 0, statesPerSecond: 0, memoryBytes: 0 });

  test.each([
    ['that pass', (): Report => check(clients)],
    ['that fail', (): Report => check(philosophers)],
  ])('%s say the same', (_name, run) => {
    expect(told(run())).toEqual(told(run()));
  });
});

test('progress is told while it searches', () => {
  const seen: number[] = [];
  check(counters, { counters: 8, limits: { seconds: 1.2 }, onProgress: ({ states }) => seen.push(states) });
  expect(seen.length).toBeGreaterThan(0);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
});

test('a `sometimes` that never holds fails a search that is complete', () => {
  const report = check(counters, { counters: 1, max: 3 });
  expect(report).toMatchObject({ verdict: 'failed', counterexample: null, unseen: ['full'] });
});
