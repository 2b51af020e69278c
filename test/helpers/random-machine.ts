/**
 * Arbitrary machine definitions inside the compiled subset, for fast-check: first as data, so that they
 * shrink well.
 */
import fc from 'fast-check';
import { and, assign, cancel, createMachine, not, or, raise } from 'xstate';
import type { AnyStateMachine } from 'xstate';

interface Facts {
  readonly context: { readonly n: number; readonly m: number };
  readonly event: { readonly type: string; readonly k?: number; readonly output?: number };
}

interface GuardSketch {
  readonly kind: keyof typeof guardMakers;
  readonly n: number;
}

interface ActionSketch {
  readonly kind: keyof typeof actionMakers;
  readonly n: number;
}

interface TransitionSketch {
  readonly target: number | null;
  readonly reenter: boolean;
  readonly guard: GuardSketch | null;
  readonly actions: readonly ActionSketch[];
}

interface StateSketch {
  readonly entry: readonly ActionSketch[];
  readonly exit: readonly ActionSketch[];
  readonly on: readonly (readonly [descriptor: number, TransitionSketch])[];
  readonly always: readonly TransitionSketch[];
  readonly after: readonly (readonly [delay: number, TransitionSketch])[];
  readonly done: TransitionSketch | null;
  readonly initial: number;
  readonly initialActions: readonly ActionSketch[];
  readonly isFinal: boolean;
  readonly states: readonly StateSketch[];
}

export const eventTypes = ['a', 'b', 'c', 'a.x', 'a.x.y', 'b.z', 'never.named'] as const;
const descriptors = ['a', 'b', 'c', 'a.x', 'a.*', 'a.x.*', '*'] as const;
const delays = ['10', 'soon', 'sometimesNever', 'never'] as const;

// Types would demand one machine that all of these belong to.
const set = (assignment: unknown): unknown => assign(assignment as never);
const send = (event: unknown, options?: unknown): unknown => raise(event as never, options as never);

const guardMakers = {
  named: (): unknown => 'isOdd',
  params: (n: number): unknown => ({ type: 'isAtLeast', params: { limit: n } }),
  dynamic: (): unknown => ({ type: 'isAtLeast', params: ({ event }: Facts) => ({ limit: event.k ?? 1 }) }),
  inline:
    (n: number): unknown =>
    ({ context }: Facts) =>
      context.n % 3 === n % 3,
  byEvent:
    (n: number): unknown =>
    ({ event }: Facts) =>
      (event.k ?? 0) % 3 === n % 3,
  not: (n: number): unknown => not({ type: 'isAtLeast', params: { limit: n } } as never),
  and: (n: number): unknown => and(['isOdd', ({ context }: Facts) => context.m < n] as never),
  or: (n: number): unknown => or([not('isOdd' as never), ({ context }: Facts) => context.m > n] as never),
  renamed: (): unknown => 'isEven',
  aliased: (): unknown => 'isStrange',
};

const actionMakers = {
  say: (): unknown => 'say',
  sayWhat: (n: number): unknown => ({ type: 'say', params: { n } }),
  sayFacts: (): unknown => ({
    type: 'say',
    params: ({ context, event }: Facts) => ({ sum: context.n + context.m, ...event }),
  }),
  sayContext: (): unknown => ({ type: 'say', params: ({ context }: Facts) => context }),
  increment: (): unknown => set({ n: ({ context }: Facts) => context.n + 1 }),
  swap: (n: number): unknown =>
    set({ n: ({ context }: Facts) => context.m, m: ({ context }: Facts) => context.n, last: n }),
  update: (n: number): unknown => set(({ context }: Facts) => ({ m: (context.m + n) % 5, seen: context.n })),
  add: (n: number): unknown => ({ type: 'add', params: { by: n } }),
  addEvent: (): unknown => ({ type: 'add', params: ({ event }: Facts) => ({ by: event.k ?? 2 }) }),
  raise: (n: number): unknown => send({ type: nameOf(eventTypes, n), k: n }),
  raiseFacts: (n: number): unknown =>
    send(({ context }: Facts) => ({ type: nameOf(eventTypes, n + context.n), k: context.m })),
  ring: (n: number): unknown => ({ type: 'ring', params: { type: nameOf(eventTypes, n) } }),
  later: (n: number): unknown => send({ type: 'b', k: n }, { delay: n * 10, id: 'later' }),
  laterNamed: (): unknown =>
    send(({ context }: Facts) => ({ type: 'a', k: context.n }), { delay: 'sometimesNever' }),
  maybeLater: (n: number): unknown =>
    send({ type: 'c' }, { delay: ({ context }: Facts) => (context.n % 2 === 0 ? undefined : n) }),
  cancel: (): unknown => cancel('later'),
  cancelFacts: (): unknown => cancel((({ context }: Facts) => `timer${context.n}`) as never),
};

const implementations = {
  guards: {
    isOdd: ({ context }: Facts) => context.n % 2 === 1,
    isAtLeast: ({ context }: Facts, params: { limit: number }) => context.n >= params.limit,
    isEven: not('isOdd' as never),
    isStrange: 'isOdd',
  },
  actions: {
    say: (): void => {},
    add: set({ n: ({ context }: Facts, params: { by: number }) => (context.n + params.by) % 7 }),
    ring: send((_: Facts, params: { type: string }) => ({ type: params.type })),
  },
  delays: {
    soon: 5,
    never: Infinity,
    sometimesNever: ({ context }: Facts) => (context.n % 2 === 0 ? Infinity : context.n),
  },
};

const keysOf = <T extends object>(value: T): (keyof T)[] => Object.keys(value) as (keyof T)[];
const small = fc.nat({ max: 5 });
const guard = fc.record<GuardSketch>({ kind: fc.constantFrom(...keysOf(guardMakers)), n: small });
const raising = new Set<keyof typeof actionMakers>(['raise', 'raiseFacts', 'ring', 'maybeLater']);
const actionKind = fc.oneof(
  // Raised events that raise events are endless loops, and a machine that only loops says little.
  { weight: 15, arbitrary: fc.constantFrom(...keysOf(actionMakers).filter((name) => !raising.has(name))) },
  { weight: 1, arbitrary: fc.constantFrom(...raising) },
);
const action = fc.record<ActionSketch>({ kind: actionKind, n: small });
const actions = fc.array(action, { maxLength: 2, size: 'max' });
const transition = (guards: fc.Arbitrary<GuardSketch | null>): fc.Arbitrary<TransitionSketch> =>
  fc.record({ target: fc.option(fc.nat({ max: 30 })), reenter: fc.boolean(), guard: guards, actions });

/** An eventless transition is always guarded: without, it is nearly always an endless loop. */
function state(depth: number): fc.Arbitrary<StateSketch> {
  const inner = depth === 0 ? fc.constant([]) : fc.array(state(depth - 1), { maxLength: 3, size: 'max' });
  return fc.record({
    entry: actions,
    exit: actions,
    on: fc.array(fc.tuple(small, transition(fc.option(guard))), { maxLength: 4, size: 'max' }),
    always: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      fc.array(transition(guard), { minLength: 1, maxLength: 2 }),
    ),
    after: fc.array(fc.tuple(small, transition(fc.option(guard))), { maxLength: 1 }),
    done: fc.option(transition(fc.constant(null))),
    initial: small,
    initialActions: fc.array(action, { maxLength: 1 }),
    isFinal: fc.nat({ max: 9 }).map((n) => n === 0),
    states: depth === 3 ? fc.array(state(2), { minLength: 2, maxLength: 3, size: 'max' }) : inner,
  });
}

/** Machines of one to three levels. */
export const randomMachine: fc.Arbitrary<StateSketch> = state(3);

/** `maxIterations` ends what loops, in XState as in the compiled machine. */
export function build(sketch: StateSketch): AnyStateMachine {
  const size = count(sketch);
  const config = {
    ...configOf(sketch, { next: 0, size }),
    context: { n: 0, m: 1 },
    options: { maxIterations: 30 },
  };
  return createMachine(config as never, implementations as never);
}

function count(sketch: StateSketch): number {
  return sketch.states.reduce((sum, inner) => sum + count(inner), 1);
}

/** Numbers the states in document order: their ids are what targets point to. */
function configOf(sketch: StateSketch, ids: { next: number; readonly size: number }): object {
  const id = `s${ids.next}`;
  const isRoot = ids.next === 0;
  ids.next += 1;
  const entry = sketch.entry.map(actionOf);
  const exit = sketch.exit.map(actionOf);
  if (sketch.isFinal && sketch.states.length === 0) {
    return {
      id,
      type: 'final',
      entry,
      exit,
      ...(isRoot ? {} : { output: ({ context }: Facts) => context.n }),
    };
  }
  const to = (found: TransitionSketch): object => transitionOf(found, ids.size);
  const states = sketch.states.map((inner, index) => [`k${index}`, configOf(inner, ids)] as const);
  const initial = `k${sketch.initial % Math.max(1, states.length)}`;
  return {
    id,
    entry,
    exit,
    on: grouped(sketch.on.map(([index, found]) => [nameOf(descriptors, index), to(found)])),
    always: sketch.always.map(to),
    after: grouped(sketch.after.map(([index, found]) => [nameOf(delays, index), to(found)])),
    ...(sketch.done === null || isRoot ? {} : { onDone: to(sketch.done) }),
    ...(states.length === 0
      ? {}
      : { initial: { target: initial, actions: sketch.initialActions.map(actionOf) } }),
    states: Object.fromEntries(states),
  };
}

function transitionOf(
  { target, reenter, guard: sketch, actions: list }: TransitionSketch,
  size: number,
): object {
  return {
    ...(target === null ? {} : { target: `#s${target % size}` }),
    reenter,
    ...(sketch === null ? {} : { guard: guardMakers[sketch.kind](sketch.n) }),
    actions: list.map(actionOf),
  };
}

function actionOf({ kind, n }: ActionSketch): unknown {
  return actionMakers[kind](n);
}

function grouped(entries: readonly (readonly [string, object])[]): Record<string, object[]> {
  const groups: Record<string, object[]> = {};
  for (const [key, value] of entries) (groups[key] ??= []).push(value);
  return groups;
}

function nameOf(names: readonly string[], index: number): string {
  return names[index % names.length] ?? '';
}
