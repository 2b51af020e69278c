/**
 * Compiles an XState definition into tables, once, so that an event costs a fraction of a microsecond.
 * The meaning is that of `machine.transition`; what is outside the supported subset throws while compiling.
 */
import type { AnyStateMachine } from 'xstate';
import type { Command } from './compile-actions.ts';
import { isCallable, isRecord } from './definition-value.ts';
import { layOut, matches } from './compile-table.ts';
import type { Row, Step, Table } from './compile-table.ts';
import { Facts, StartFacts } from './facts.ts';
import type { Context, MachineEvent } from './facts.ts';

export { CompileError } from './compile-error.ts';
export type { Command, TimerRequest } from './compile-actions.ts';
export type { MachineEvent } from './facts.ts';

/** One running machine. The runtime owns it; `context` is changed in place. */
export interface MachineInstance {
  /** The index of its atomic state in `stateNames`. */
  leaf: number;
  context: Record<string, unknown>;
}

/**
 * A definition made ready to run any number of instances. Guards, assigners and params must be pure, and
 * no command may keep a reference to the whole context, which changes in place. If one of them throws, its
 * instance is lost.
 */
export interface CompiledMachine {
  readonly id: string;
  /** The dotted names of all atomic states. */
  readonly stateNames: readonly string[];
  /** Every event type the definition names, timers included; wildcards are not event types. */
  readonly eventTypes: readonly string[];
  start(input: unknown, outbox: Command[]): MachineInstance;
  /** Runs one macrostep and appends what the machine asks for. False if no transition was taken. */
  step(instance: MachineInstance, event: MachineEvent, outbox: Command[]): boolean;
  /** Whether a transition other than the `*` catch-all would be taken. Changes nothing. */
  accepts(instance: MachineInstance, event: MachineEvent): boolean;
  /**
   * Whether only the catch-all would take it though the state lists it in `meta.ignores`: it may come, and
   * means nothing.
   */
  ignores(instance: MachineInstance, event: MachineEvent): boolean;
  stateName(instance: MachineInstance): string;
}

/**
 * Makes a definition ready to run. Throws `CompileError` on anything that could not mean the same as in
 * XState.
 */
export function compile(machine: AnyStateMachine): CompiledMachine {
  return fromTable(machine, layOut(machine));
}

/** Of a definition, what its table does not hold. */
export interface Definition {
  readonly id: string;
  readonly config: { readonly context?: unknown };
  readonly options: { readonly maxIterations?: number | undefined };
}

/** The same from a table that was laid out before. */
export function fromTable(definition: Definition, table: Table): CompiledMachine {
  return new TableMachine(definition, table);
}

/** The context is changed in place, so one that belongs to somebody else is copied. */
function contextFrom(made: unknown, isShared: boolean): Context {
  if (!isRecord(made)) return {};
  return isShared ? { ...made } : made;
}

/** XState knows no limit by default; a macrostep this long is a loop. */
const defaultMicrostepLimit = 1_000;

class TableMachine implements CompiledMachine {
  readonly id: string;
  readonly stateNames: readonly string[];
  readonly eventTypes: readonly string[];
  readonly #rows: readonly Row[];
  readonly #startStep: Table['start'];
  readonly #firstContext: unknown;
  readonly #microstepLimit: number;

  constructor(machine: Definition, table: Table) {
    this.id = machine.id;
    this.stateNames = table.rows.map((row) => row.name);
    this.eventTypes = table.eventTypes;
    this.#rows = table.rows;
    this.#startStep = table.start;
    this.#firstContext = machine.config.context;
    const { maxIterations } = machine.options;
    const isLimited = maxIterations !== undefined && Number.isFinite(maxIterations);
    this.#microstepLimit = isLimited ? maxIterations : defaultMicrostepLimit;
  }

  start(input: unknown, outbox: Command[]): MachineInstance {
    const firstContext = this.#firstContext;
    const made = isCallable(firstContext) ? firstContext(new StartFacts(input)) : firstContext;
    const context = contextFrom(made, made === input || made === firstContext);
    const event = { type: 'xstate.init', input };
    const facts = new Facts(context, event);
    const raised: MachineEvent[] = [];
    for (const perform of this.#startStep.performs) perform(facts, outbox, raised);
    const instance = { leaf: this.#startStep.end, context };
    this.#settle(instance, facts, outbox, raised);
    return instance;
  }

  step(instance: MachineInstance, event: MachineEvent, outbox: Command[]): boolean {
    const row = this.#row(instance);
    if (row.isEnd) return false;
    const facts = new Facts(instance.context, event);
    const raised: MachineEvent[] = [];
    const step = select(row, facts);
    if (step !== undefined) take(step, instance, facts, outbox, raised);
    if (raised.length === 0 && this.#row(instance).always.length === 0) return step !== undefined;
    return this.#settle(instance, facts, outbox, raised) || step !== undefined;
  }

  accepts(instance: MachineInstance, event: MachineEvent): boolean {
    const row = this.#row(instance);
    if (row.isEnd) return false;
    const step = select(row, new Facts(instance.context, event));
    return step !== undefined && !step.isCatchAll;
  }

  ignores(instance: MachineInstance, event: MachineEvent): boolean {
    return this.#row(instance).ignored.has(event.type) && !this.accepts(instance, event);
  }

  stateName(instance: MachineInstance): string {
    return this.#row(instance).name;
  }

  /** Takes eventless transitions and raised events until there are none. Whether it took any transition. */
  #settle(instance: MachineInstance, first: Facts, outbox: Command[], raised: MachineEvent[]): boolean {
    let facts = first;
    let tookAny = false;
    let mayTakeAlways = true;
    for (let count = 1; ; count += 1) {
      const row = this.#row(instance);
      if (row.isEnd) return tookAny;
      if (count > this.#microstepLimit) throw this.#endlessLoop(row);
      let step: Step | undefined = mayTakeAlways ? firstEnabled(row.always, facts) : undefined;
      if (step === undefined) {
        const next = raised.shift();
        if (next === undefined) return tookAny;
        facts = new Facts(instance.context, next);
        step = select(row, facts);
        mayTakeAlways = true;
      } else {
        // As in XState: an eventless transition that changed nothing would be taken for ever.
        mayTakeAlways = step.changes;
      }
      if (step === undefined) continue;
      take(step, instance, facts, outbox, raised);
      tookAny = true;
    }
  }

  #row(instance: MachineInstance): Row {
    const row = this.#rows[instance.leaf];
    if (row === undefined) throw new RangeError(`Machine '${this.id}' has no state ${instance.leaf}.`);
    return row;
  }

  #endlessLoop(row: Row): RangeError {
    return new RangeError(
      `Machine '${this.id}' took ${this.#microstepLimit} transitions for one event, now in '${row.name}': ` +
        'its `always` transitions or raised events form a loop.',
    );
  }
}

function take(
  step: Step,
  instance: MachineInstance,
  facts: Facts,
  outbox: Command[],
  raised: MachineEvent[],
): void {
  const { performs } = step;
  for (let index = 0; index < performs.length; index++) performs[index]?.(facts, outbox, raised);
  instance.leaf = step.end;
}

function select(row: Row, facts: Facts): Step | undefined {
  const named = row.named.get(facts.event.type);
  if (named !== undefined) return firstEnabled(named, facts);
  for (const { prefix, step } of row.unnamed) {
    if (!matches(facts.event.type, prefix)) continue;
    if (step.guard === undefined || step.guard(facts)) return step;
  }
  return undefined;
}

function firstEnabled(steps: readonly Step[], facts: Facts): Step | undefined {
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index];
    if (step?.guard === undefined || step.guard(facts)) return step;
  }
  return undefined;
}
