/**
 * Each machine by itself, as a table: what every local state makes of every event. It is computed from the
 * definitions alone and is larger than what happens in a pool; which of it happens is for `spin` to find.
 */
import type { AnyStateMachine } from 'xstate';
import { InternTable } from '../../src/verify/intern.ts';
import { type Effect, type LocalStep, MachineKind, type MemberState } from '../../src/verify/machine-kind.ts';
import { type Alphabet, type KindName, kindNames } from './alphabet.ts';
import { type Program, programOf, tellNumber } from './command-numbers.ts';

/** A step that no moment of the scope can need: the state after it is out of bounds. */
const outOfBounds = -2;

/** The state neither handles the event nor says why it may be dropped. */
const unexpected = -1;

const statesMax = 2 ** 15 - 1;

export interface Step {
  /** A local state, or one of the two numbers above. */
  readonly next: number;
  readonly program: Program;
}

export interface LocalState extends MemberState {
  readonly kind: KindName;
  /** By the number of the event. */
  readonly steps: Step[];
  readonly fired: Step[];
  /** The same state without timers, where a machine may ask for it to be so. */
  bare: number;
}

export interface LocalTables {
  /** Numbered from 1; the first is nothing. */
  readonly states: readonly (LocalState | null)[];
  /** For each kind, how each of its members starts: by its id, from 1; the pool's has 0. */
  readonly starts: ReadonlyMap<string, Step>;
  /** The numbers of the events that hand a task to a worker. */
  readonly assignments: readonly number[];
}

export interface TableRequest {
  readonly machines: Readonly<Record<KindName, AnyStateMachine>>;
  readonly alphabet: Alphabet;
  /** What each member starts with. */
  readonly inputs: readonly { readonly kind: KindName; readonly id: number; readonly input: unknown }[];
  readonly isWithinBounds: (kind: KindName, state: MemberState) => boolean;
}

class TableMaker {
  readonly states: (LocalState | null)[] = [null];
  readonly starts = new Map<string, Step>();
  readonly #request: TableRequest;
  readonly #values = new InternTable();
  readonly #events = new InternTable();
  readonly #kinds: Readonly<Record<KindName, MachineKind>>;
  /** For each kind the interned numbers of its events, in order. */
  readonly #alphabets: Record<KindName, number[]>;
  readonly #numbers = new Map<string, number>();

  constructor(request: TableRequest) {
    this.#request = request;
    const perKind = <Value>(make: (kind: KindName) => Value): Record<KindName, Value> => ({
      pool: make('pool'),
      worker: make('worker'),
      task: make('task'),
      child: make('child'),
    });
    this.#kinds = perKind(
      (kind) => new MachineKind(kind, request.machines[kind], this.#values, this.#events),
    );
    this.#alphabets = perKind((kind) =>
      request.alphabet.events[kind].map((event) => this.#events.idOf(event)),
    );
  }

  /** Steps every state by every event until neither grows. */
  make(): void {
    for (const { kind, id, input } of this.#request.inputs)
      this.starts.set(`${kind} ${id}`, this.#finish(kind, this.#kinds[kind].start(input)));
    for (let isGrowing = true; isGrowing;) {
      isGrowing = false;
      for (let at = 1; at < this.states.length; at += 1) if (this.#extend(at)) isGrowing = true;
    }
  }

  get assignments(): number[] {
    return [...this.#alphabets.worker.entries()]
      .filter(([, event]) => (this.#events.valueOf(event) as { type: string }).type === 'task.assigned')
      .map(([at]) => at);
  }

  /** Fills in what is missing in one row. True if there was anything. */
  #extend(at: number): boolean {
    const state = this.states[at];
    if (state === null || state === undefined) return false;
    const kind = this.#kinds[state.kind];
    const { timers, steps, fired } = state;
    const before = steps.length + fired.length;
    const own = this.#values.idOf({ state: state.state, context: state.context, timers });
    const alphabet = this.#alphabets[state.kind];
    while (steps.length < alphabet.length)
      steps.push(this.#finish(state.kind, kind.step(own, alphabet[steps.length] ?? 0)));
    while (fired.length < timers.length) fired.push(this.#finish(state.kind, kind.fire(own, fired.length)));
    return steps.length + fired.length > before;
  }

  #finish(kind: KindName, { next, effects, isUnexpected }: LocalStep): Step {
    if (isUnexpected) return { next: unexpected, program: [] };
    const after = this.#kinds[kind].stateOf(next);
    if (!this.#request.isWithinBounds(kind, after)) return { next: outOfBounds, program: [] };
    const program = effects.flatMap((effect) =>
      effect.type === 'command'
        ? programOf(kind, effect.command)
        : tellNumber(effect.to, effect.id, this.#numberOfEvent(effect.to as KindName, effect.event)),
    );
    const number = this.#numberOfState(kind, next, after);
    if (effects.some(asksForNoTimers)) {
      const bare = this.#kinds[kind].withoutTimers(next);
      const state = this.states[number];
      if (state) state.bare = this.#numberOfState(kind, bare, this.#kinds[kind].stateOf(bare));
    }
    return { next: number, program };
  }

  #numberOfState(kind: KindName, own: number, { state, context, timers }: MemberState): number {
    const key = `${kind} ${own}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.states.length);
    this.states.push({ kind, state, context, timers, steps: [], fired: [], bare: 0 });
    return this.states.length - 1;
  }

  /** What machines tell each other is found on the way. */
  #numberOfEvent(kind: KindName, event: number): number {
    const alphabet = this.#alphabets[kind];
    const at = alphabet.indexOf(event);
    return at === -1 ? alphabet.push(event) - 1 : at;
  }
}

const asksForNoTimers = (effect: Effect): boolean =>
  effect.type === 'command' && effect.command.type === 'forgetTimers';

export function localTables(request: TableRequest): LocalTables {
  const maker = new TableMaker(request);
  maker.make();
  const { states, starts, assignments } = maker;
  if (states.length > statesMax)
    throw new Error(`${states.length} local states are more than the ${statesMax} a short can number.`);
  return { states, starts, assignments };
}

export const kindNumber = (kind: KindName): number => kindNames.indexOf(kind) + 1;
