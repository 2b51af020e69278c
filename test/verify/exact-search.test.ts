/** The search against others that are written here in the plainest way: whole moments as JSON in a map. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyStateMachine } from 'xstate';
import { type Command, compile, type MachineEvent, type TimerRequest } from '../../src/runtime/compile.ts';
import { bind } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import { check, type Environment, model, type Model } from '../../src/verify/index.ts';
import { build, randomMachine } from '../helpers/random-machine.ts';
import { type Building, clients } from './clients.ts';

const letters: readonly MachineEvent[] = [{ type: 'a' }, { type: 'b' }, { type: 'a.x' }];
const lettersMax = 4;

interface Sent {
  readonly count: number;
}

/** Sends any of the letters, a few in all. */
const sender: Environment = {
  records: { sent: null },
  setup: (world) => world.put('sent', 0, { count: 0 } satisfies Sent),
  moves: (world, moves) => {
    if (world.get<Sent>('sent').count === lettersMax) return;
    for (const [detail, { type }] of letters.entries())
      moves.push({ name: type, kind: 'caller', id: 0, detail });
  },
  apply: (world, { detail }) => {
    world.put('sent', 0, { count: world.get<Sent>('sent').count + 1 } satisfies Sent);
    world.tell('it', 0, letters[detail] ?? { type: '' });
  },
  mayRest: () => true,
};

const modelOf = (machine: AnyStateMachine): Model =>
  model({
    name: 'random',
    machines: { it: machine },
    scope: {},
    topology: () => ({ members: [{ kind: 'it' }], timers: 'own' }),
    environment: () => sender,
    droppedEvents: 'allowed',
  });

type Timers = readonly { readonly id: string | undefined; readonly event: MachineEvent }[];

interface Moment {
  readonly leaf: number;
  readonly context: Record<string, unknown>;
  readonly timers: Timers;
  readonly sent: number;
}

function timersAfter(before: Timers, outbox: readonly Command[]): Timers {
  let timers = before;
  for (const { type, params } of outbox) {
    const { id, event } = Object(params) as TimerRequest;
    if (type === 'setTimer')
      timers = [...timers.filter((timer) => id === undefined || timer.id !== id), { id, event }];
    if (type === 'cancelTimer') timers = timers.filter((timer) => timer.id !== id);
  }
  return timers;
}

/** All moments and steps, by machine and map alone. */
function searchMachine(machine: AnyStateMachine): { states: number; edges: number } {
  const compiled = compile(machine);
  const keyOf = ({ leaf, context, timers, sent }: Moment): string =>
    JSON.stringify([leaf, context, timers.map((timer) => JSON.stringify(timer)).toSorted(), sent]);
  const outbox: Command[] = [];
  const first: Moment = { ...compiled.start(undefined, outbox), timers: timersAfter([], outbox), sent: 0 };
  const found = new Map([[keyOf(first), first]]);
  let edges = 0;
  for (const moment of found.values()) {
    if (moment.sent === lettersMax) continue;
    for (const letter of letters) {
      const instance = { leaf: moment.leaf, context: { ...moment.context } };
      const asked: Command[] = [];
      compiled.step(instance, letter, asked);
      const next = { ...instance, timers: timersAfter(moment.timers, asked), sent: moment.sent + 1 };
      edges += 1;
      if (!found.has(keyOf(next))) found.set(keyOf(next), next);
    }
  }
  return { states: found.size, edges };
}

test('fingerprints find as many moments and steps of random machines as whole moments', () => {
  let compared = 0;
  const property = fc.property(randomMachine, (sketch) => {
    const machine = build(sketch);
    let exact: ReturnType<typeof searchMachine>;
    try {
      exact = searchMachine(machine);
    } catch {
      // An endless loop of its own, which the checker refuses as well.
      expect(() => check(modelOf(machine))).toThrow(/Machine 'it'/u);
      return;
    }
    const { verdict, states, edges } = check(modelOf(machine));
    expect({ verdict, states, edges }).toEqual({ verdict: 'passed', ...exact });
    compared += exact.states;
  });
  fc.assert(property, { seed: 20_261_122, numRuns: 150 });
  expect(compared).toBeGreaterThan(1_000);
});

describe('symmetry finds exactly one moment of each class', () => {
  const idFields = new Set(['by', 'owner', 'waiting', 'sender of client']);

  /** Every moment as its values, group by group, members in order; by a map of whole moments. */
  function allMoments(scope: Partial<Building>): unknown[][][] {
    const system = new ModelSystem(bind(clients, { ...clients.scope, ...scope }), false);
    const { world, layout } = system;
    const valuesOf = (): unknown[][] =>
      layout.groups.map(({ name, sort, count }) => {
        const isMachine = system.kinds.has(name);
        const ids = sort === null ? [0] : Array.from({ length: count }, (_, index) => index + 1);
        return ids.map((id) => {
          if (!world.has(name, id)) return null;
          return isMachine ? world.member(name, id) : world.get(name, id);
        });
      });
    system.start();
    const rows = [world.row.slice()];
    const moments = new Map([[JSON.stringify(valuesOf()), valuesOf()]]);
    for (const row of rows) {
      world.load(row);
      for (const move of system.moves()) {
        world.load(row);
        system.apply(move);
        const values = valuesOf();
        const key = JSON.stringify(values);
        if (moments.has(key)) continue;
        moments.set(key, values);
        rows.push(world.row.slice());
      }
    }
    return [...moments.values()];
  }

  function renamed(value: unknown, map: readonly number[], isId = false): unknown {
    if (typeof value === 'number') return isId ? (map[value] ?? value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return letterOrder(value.map((item) => renamed(item, map, isId)));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, renamed(item, map, idFields.has(key))]),
    );
  }

  /** Between letters of different senders there is no order. */
  function letterOrder(list: unknown[]): unknown[] {
    const senderOf = (item: unknown): number => Number(Reflect.get(Object(item), 'sender of client') ?? 0);
    return list.toSorted((one, other) => senderOf(one) - senderOf(other));
  }

  function classOf(moment: unknown[][], count: number): string {
    const texts = permutations(Array.from({ length: count }, (_, index) => index + 1)).map((order) => {
      const map = [0, ...order];
      const moved = moment.map((members) => {
        if (members.length === 1) return members.map((member) => renamed(member, map));
        const places: unknown[] = [];
        for (const [index, member] of members.entries())
          places[(map[index + 1] ?? 0) - 1] = renamed(member, map);
        return places;
      });
      return JSON.stringify(moved);
    });
    return texts.toSorted()[0] ?? '';
  }

  function permutations(items: readonly number[]): number[][] {
    if (items.length <= 1) return [[...items]];
    return items.flatMap((item, index) =>
      permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
    );
  }

  test.each([
    [{ clients: 2, visits: 2, mail: 'together' as const }],
    [{ clients: 3, visits: 1, mail: 'together' as const }],
    [{ clients: 4, visits: 1, mail: 'together' as const }],
  ])('%o', (scope) => {
    const moments = allMoments(scope);
    expect(check(clients, { ...scope, symmetry: false }).states).toBe(moments.length);
    const classes = new Set(moments.map((moment) => classOf(moment, scope.clients)));
    expect(check(clients, scope).states).toBe(classes.size);
  });

  test('or a few, where mail of several is on its way to one', () => {
    const moments = allMoments({});
    const classes = new Set(moments.map((moment) => classOf(moment, 3)));
    const { states } = check(clients);
    expect(states).toBeGreaterThanOrEqual(classes.size);
    expect(states).toBeLessThan(moments.length);
  });
});
