/**
 * The pool's machines, with children, pipes, callers and faults around them, in every order. The broad scopes
 * are left to `troupe verify`. From what is built: transformed for the test runner it is seven times slower.
 */
import { describe, expect, test } from 'vitest';
import { check } from '../../dist/src/verify/check.js';
import { PathWalker } from '../../dist/src/verify/counterexample.js';
import { Explorer } from '../../dist/src/verify/explore.js';
import { bind } from '../../dist/src/verify/model.js';
import { ModelSystem } from '../../dist/src/verify/model-system.js';
import { poolEnvironment } from '../../dist/src/verify/pool/environment.js';
import { poolModel } from '../../dist/src/verify/pool/pool-model.js';
import { noCalls, noFaults, type PoolScope } from '../../dist/src/verify/pool/scope.js';
import { scopes } from '../../dist/src/verify/pool/scopes.js';

const quick = Object.entries(scopes).filter(([, { states }]) => states < 25_000);

describe('every moment of the pool is as it should be', () => {
  test.each(quick)('%s', (_name, { scope, states }) => {
    const report = check(poolModel, scope);
    expect(report.counterexample?.sentence).toBe(undefined);
    expect(report.unseen).toEqual([]);
    expect(report.verdict).toBe('passed');
    expect(report.states).toBe(states);
  });
});

test('every kind of move is made in some scope, and none that has no name', { timeout: 120_000 }, () => {
  const names = poolEnvironment(poolModel.scope).moveNames ?? [];
  const limits = { states: 2_500 };
  const made = Object.values(scopes).flatMap(({ scope }) =>
    Object.keys(check(poolModel, { ...scope, limits }).moves),
  );
  expect([...new Set(made)].toSorted()).toEqual(names.toSorted());
});

const calls = { ...noCalls, close: 1 };
const small: [string, Partial<PoolScope>][] = [
  ['a crash and a close', { tasks: 2, calls }],
  ['a crash and a cancel', { tasks: 2, calls: { ...noCalls, cancel: 1 } }],
  ['two workers', { workers: 2, tasks: 2, calls: { ...noCalls, cancel: 1 } }],
  ['two tasks at a time', { tasks: 3, concurrency: 2, faults: noFaults, calls: { ...noCalls, cancel: 1 } }],
  ['a task that throws', { tasks: 2, retries: 1, faults: { ...noFaults, taskThrows: 1 }, calls }],
];

describe('reduction loses nothing that the parent can see', () => {
  test.each(small)('%s', (_name, scope) => {
    const system = new ModelSystem(bind(poolModel, { ...poolModel.scope, ...scope }), true);
    const whole = parentSides(system, false);
    const reduced = parentSides(system, true);
    const lost = [...whole].filter((side) => !reduced.has(side));
    const made = [...reduced].filter((side) => !whole.has(side));
    expect([lost, made]).toEqual([[], []]);
  });
});

describe('exchanging ids changes nothing', () => {
  test.each(small)('%s', (_name, scope) => {
    const all = check(poolModel, { ...scope, symmetry: false });
    const merged = check(poolModel, scope);
    expect([all.verdict, merged.verdict]).toEqual(['passed', 'passed']);
    expect(merged.states).toBeLessThan(all.states);
    // Each moment stands for those with other names: six at most for three tasks, two for two workers.
    expect(merged.states * 24).toBeGreaterThan(all.states);
  });

  // A story is walked with names that stay, while the search exchanges them: it must get to every moment.
  test.each(['small', 'calls', 'retries', 'unsendable'])('in a story: %s', (name) => {
    const model = bind(poolModel, { ...poolModel.scope, ...scopes[name]?.scope });
    const system = new ModelSystem(model, true);
    const limits = { states: Infinity, seconds: Infinity, frontierBytes: 2 ** 28 };
    const { visited } = new Explorer(system, model.properties, { isReduced: true, limits }).run();
    for (let state = 1; state < visited.size; state += Math.ceil(visited.size / 100)) {
      const [first, ...path] = visited.pathTo(state);
      const walker = new PathWalker(system, visited, first ?? null);
      expect(walker.walk(path.map((each) => ({ state: each })))).toHaveLength(path.length);
    }
  });
});

/** What the parent's machines and its queue can be like, whatever the children do. */
function parentSides(system: ModelSystem, isReduced: boolean): Set<string> {
  const { world, symmetry, layout } = system;
  const sides = new Set<string>();
  const seen = new Set<string>();
  const waiting: Int32Array[] = [];
  const hidden = layout.groups.filter(({ name }) => !['pool', 'worker', 'task', 'desk'].includes(name));
  const add = (): void => {
    const row = symmetry.canonical(world.row).slice();
    const key = row.join();
    if (seen.has(key)) return;
    seen.add(key);
    waiting.push(row);
    const side = row.slice();
    for (const { first, count } of hidden) side.fill(0, first, first + count);
    sides.add(symmetry.canonical(withoutGreeting(system, side, booting)).join());
  };
  const booting = numberOfBooting(system);
  system.start();
  add();
  for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
    world.load(row);
    const moves = system.moves();
    const only = isReduced ? moves.find((move) => move.isIndependent === true) : undefined;
    for (const move of only === undefined ? moves : [only]) {
      for (let script: number[] | null = []; script !== null; script = world.nextScript()) {
        world.load(row, script);
        system.apply(move, script);
        add();
      }
    }
  }
  return sides;
}

/** Whether a worker has been greeted is between it and its child. */
function withoutGreeting({ kinds, layout }: ModelSystem, side: Int32Array, booting: number): Int32Array {
  const workers = layout.groups.find(({ name }) => name === 'worker');
  const kind = kinds.get('worker');
  if (workers === undefined || kind === undefined) return side;
  for (let cell = workers.first; cell < workers.first + workers.count; cell += 1) {
    const value = side[cell] ?? 0;
    if (value !== 0 && kind.stateOf(value).state.startsWith('alive.available.booting')) side[cell] = booting;
  }
  return side;
}

/** The number of a value that stands for any worker that boots. */
function numberOfBooting({ world, layout }: ModelSystem): number {
  world.load(new Int32Array(layout.length));
  world.put('settings', 0, { isBooting: true });
  world.seal();
  return world.row.find((value) => value !== 0) ?? 0;
}
