/**
 * One machine definition made ready to be explored: each of its local states gets a number, and each step
 * from one to the next is computed once and remembered.
 */
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import {
  type Command,
  type CompiledMachine,
  type MachineEvent,
  type TimerRequest,
} from '../runtime/compile.ts';
import { compileForCheck } from './compile-for-check.ts';
import type { InternTable } from './intern.ts';
import { stateText } from './place.ts';
import { findUnplain } from './plain.ts';
import { impure, runPure } from './pure-step.ts';
import { VerifyError } from './verify-error.ts';

/** A timer that is set. Its delay does not matter: the checker lets timers fire in any order. */
export interface ArmedTimer {
  readonly id: string | null;
  readonly event: MachineEvent;
}

/** All that one instance knows. */
export interface MemberState {
  readonly state: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly timers: readonly ArmedTimer[];
}

export type Effect =
  | { readonly type: 'tell'; readonly to: string; readonly id: number; readonly event: number }
  | { readonly type: 'command'; readonly command: Command };

/** What one event leads to. */
export interface LocalStep {
  /** The number of the local state after it. */
  readonly next: number;
  readonly effects: readonly Effect[];
  /** No transition takes the event, and the state does not list it in `meta.ignores`. */
  readonly isUnexpected: boolean;
}

/** One (state, event) pair of a machine that was met. */
export interface MetPair {
  readonly state: string;
  readonly event: string;
}

/** More events than this would not fit beside a local state in one safe integer. */
const eventsMax = 2 ** 20;

export class MachineKind {
  readonly name: string;
  readonly machine: CompiledMachine;
  readonly definition: AnyStateMachine;
  readonly #restStates: ReadonlySet<string>;
  readonly #states: InternTable;
  readonly #events: InternTable;
  readonly #leaves: ReadonlyMap<string, number>;
  readonly #steps = new Map<number, LocalStep>();
  readonly #fired = new Map<number, LocalStep>();
  readonly #starts = new Map<string, LocalStep>();

  constructor(name: string, definition: AnyStateMachine, states: InternTable, events: InternTable) {
    this.name = name;
    this.definition = definition;
    this.machine = compileForCheck(name, definition);
    this.#restStates = new Set(restStatesOf(definition.root, false));
    this.#states = states;
    this.#events = events;
    this.#leaves = new Map(this.machine.stateNames.map((state, leaf) => [state, leaf]));
  }

  /** How many different steps were computed. */
  get stepCount(): number {
    return this.#steps.size + this.#fired.size;
  }

  /** Whether a member may stay in this state for ever: it is final, or tagged `rest`. */
  mayRest(state: string): boolean {
    return this.#restStates.has(state);
  }

  start(input: unknown): LocalStep {
    const key = JSON.stringify(input) ?? '';
    const known = this.#starts.get(key);
    if (known !== undefined) return known;
    const outbox: Command[] = [];
    const instance = runPure(`Machine '${this.name}', its start`, () => this.machine.start(input, outbox));
    const step = this.#finish(this.machine.stateName(instance), instance.context, [], outbox, false);
    this.#starts.set(key, step);
    return step;
  }

  step(from: number, event: number): LocalStep {
    const key = from * eventsMax + event;
    let step = this.#steps.get(key);
    if (step === undefined) {
      step = this.#compute(from, this.#eventOf(event), null);
      this.#steps.set(key, step);
    }
    return step;
  }

  /** One of its timers fires. */
  fire(from: number, timer: number): LocalStep {
    const key = from * eventsMax + timer;
    let step = this.#fired.get(key);
    if (step === undefined) {
      const armed = this.stateOf(from).timers[timer];
      if (armed === undefined) throw new RangeError(`${this.name} has no timer ${timer}.`);
      step = this.#compute(from, armed.event, armed);
      this.#fired.set(key, step);
    }
    return step;
  }

  /** The same state without any timer. */
  withoutTimers(from: number): number {
    const { state, context } = this.stateOf(from);
    return this.#states.idOf({ state, context, timers: [] } satisfies MemberState);
  }

  stateOf(id: number): MemberState {
    return this.#states.valueOf(id) as MemberState;
  }

  /** Every (state, event) pair that was stepped through, timers included. */
  metPairs(): MetPair[] {
    const met = new Map<string, MetPair>();
    const add = (state: string, event: string): void => void met.set(`${state} ${event}`, { state, event });
    for (const key of this.#steps.keys())
      add(this.stateOf(Math.floor(key / eventsMax)).state, this.#eventOf(key % eventsMax).type);
    for (const key of this.#fired.keys()) {
      const { state, timers } = this.stateOf(Math.floor(key / eventsMax));
      add(state, timers[key % eventsMax]?.event.type ?? '');
    }
    return [...met.values()];
  }

  #eventOf(id: number): MachineEvent {
    return this.#events.valueOf(id) as MachineEvent;
  }

  #compute(from: number, event: MachineEvent, fired: ArmedTimer | null): LocalStep {
    const before = this.stateOf(from);
    const where = `Machine '${this.name}', ${stateText(before.state)}, event '${event.type}'`;
    const run = (): { step: LocalStep; text: string } => {
      const instance = { leaf: this.#leaves.get(before.state) ?? -1, context: { ...before.context } };
      const outbox: Command[] = [];
      const isKnown = this.machine.accepts(instance, event) || this.machine.ignores(instance, event);
      const moved = this.machine.step(instance, event, outbox);
      // A catch-all that does anything but report it handles what it catches.
      const isCaught = moved && !outbox.some(({ type }) => type === 'unexpected');
      const timers = before.timers.filter((timer) => timer !== fired);
      const state = this.machine.stateName(instance);
      const asked = outbox.filter(({ type }) => type !== 'unexpected');
      const step = this.#finish(state, instance.context, timers, asked, !isKnown && !isCaught);
      return { step, text: JSON.stringify([step.next, step.effects]) };
    };
    const first = runPure(where, run);
    if (first.text !== runPure(where, run).text) {
      throw impure(where, 'read or changed something other than context and event, or changed them in place');
    }
    return first.step;
  }

  #finish(
    state: string,
    context: Record<string, unknown>,
    timers: readonly ArmedTimer[],
    outbox: readonly Command[],
    isUnexpected: boolean,
  ): LocalStep {
    this.#refuseUnplain(context, 'context', state);
    const effects: Effect[] = [];
    let armed = [...timers];
    for (const command of outbox) {
      if (command.type === 'setTimer') armed = withTimer(armed, timerOf(command));
      else if (command.type === 'cancelTimer') {
        const { id } = command.params as { id: string };
        armed = armed.filter((timer) => timer.id !== id);
      } else effects.push(this.#effectOf(command, state));
    }
    const next = this.#states.idOf({ state, context, timers: armed } satisfies MemberState);
    return { next, effects, isUnexpected };
  }

  #refuseUnplain(value: unknown, path: string, state: string): void {
    const unplain = findUnplain(value, path);
    if (unplain === null) return;
    throw new VerifyError(
      `Machine '${this.name}', ${stateText(state)}: ${unplain.path} is ${unplain.what}. The checker ` +
        'compares contexts and events as JSON: keep plain objects, lists, strings, booleans and finite ' +
        'numbers there.',
    );
  }

  #effectOf(command: Command, state: string): Effect {
    if (command.type !== 'tell') return { type: 'command', command };
    const { to, id, event } = command.params as { to: unknown; id: unknown; event: unknown };
    if (typeof to !== 'string' || !isEvent(event)) {
      throw new VerifyError(
        `Machine '${this.name}', ${stateText(state)} asks for "tell" without { to, event }: ` +
          `${JSON.stringify(command.params)}.`,
      );
    }
    this.#refuseUnplain(event, event.type, state);
    return { type: 'tell', to, id: typeof id === 'number' ? id : 0, event: this.#events.idOf(event) };
  }
}

function isEvent(value: unknown): value is MachineEvent {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'type') === 'string';
}

function timerOf(command: Command): ArmedTimer {
  const { id, event } = command.params as TimerRequest;
  return { id: id ?? null, event };
}

/** Sorted, so that the order in which timers were set makes no difference. */
function withTimer(timers: readonly ArmedTimer[], timer: ArmedTimer): ArmedTimer[] {
  const kept = timer.id === null ? timers : timers.filter(({ id }) => id !== timer.id);
  return [...kept, timer].toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

const keyOf = ({ id, event }: ArmedTimer): string => `${id ?? ''} ${JSON.stringify(event)}`;

function restStatesOf(state: AnyStateNode, isInside: boolean): string[] {
  const isRest = isInside || state.type === 'final' || state.tags.includes('rest');
  const inner = Object.values(state.states);
  if (inner.length === 0) return isRest ? [state.path.join('.')] : [];
  return inner.flatMap((child) => restStatesOf(child, isRest));
}
