/**
 * A compiled machine as plain data, so that a process can run it without XState: which actions run in which
 * order is laid out when the package is built; what they do stays in the definition, and is named by its
 * place there. What is the same in many rows is there once.
 */
import { type AnyStateMachine, cancel, type EventObject, type MachineContext, raise } from 'xstate';
import { compileAction, type Perform } from './compile-actions.ts';
import { compileGuard } from './compile-guards.ts';
import { layOut, type Row, type Step, type Table } from './compile-table.ts';
import { type CompiledMachine, type Definition, fromTable } from './compile.ts';
import type { Sources } from './compile-plan.ts';
import { isBuiltIn, isCallable, isRecord } from './definition-value.ts';

/** An action or a guard: by its name alone, or by the way to it through the definition. */
type Place = string | readonly string[];

/** What XState makes of `after`: the event comes after the delay, unless the state is left before. */
type WrittenTimer =
  | { readonly timer: string; readonly delay: string | number }
  | { readonly cancelled: string };

/** Guards and actions by their index in `sources`. */
interface WrittenStep {
  readonly guard: number | null;
  readonly actions: readonly number[];
  readonly end: number;
  readonly changes: boolean;
  readonly isCatchAll: boolean;
}

/** Steps by their index in `steps`. */
interface WrittenRow {
  readonly name: string;
  readonly isEnd: boolean;
  readonly always: readonly number[];
  readonly named: readonly (readonly [type: string, steps: readonly number[]])[];
  readonly unnamed: readonly { readonly prefix: string; readonly step: number }[];
  readonly ignored: readonly string[];
}

/** Survives `JSON.stringify`. */
export interface WrittenTable {
  readonly sources: readonly (Place | WrittenTimer)[];
  readonly steps: readonly WrittenStep[];
  readonly rows: readonly WrittenRow[];
  readonly start: Pick<WrittenStep, 'actions' | 'end'>;
  readonly eventTypes: readonly string[];
}

/** What a table is read with: the definition's own text, whoever made an object of it. */
export interface PlainDefinition extends Definition {
  readonly config: Readonly<Record<string, unknown>>;
  readonly implementations: {
    readonly actions: unknown;
    readonly guards: unknown;
    readonly delays?: unknown;
  };
}

/** Compiles a definition. Throws TypeError for what only XState can make, such as the end of a state. */
export function writeTable(machine: AnyStateMachine): WrittenTable {
  const { rows, start, eventTypes } = layOut(machine);
  const sources = new Numbered<Place | WrittenTimer>();
  const steps = new Numbered<WrittenStep>();
  const places = new Map<unknown, readonly string[]>();
  findPlaces(machine.config, [], places);
  const sourceOf = (source: unknown): number => {
    const written = typeof source === 'string' ? source : (places.get(source) ?? timerOf(source));
    if (written !== undefined) return sources.indexOf(written);
    throw new TypeError(
      `Machine '${machine.id}' cannot be written down: XState itself adds an action to it.`,
    );
  };
  const stepOf = ({ sources: { guard, actions }, end, changes, isCatchAll }: Step): number =>
    steps.indexOf({
      guard: guard === undefined ? null : sourceOf(guard),
      actions: actions.map(sourceOf),
      end,
      changes,
      isCatchAll,
    });
  const written = rows.map((row) => ({
    name: row.name,
    isEnd: row.isEnd,
    always: row.always.map(stepOf),
    named: Array.from(row.named, ([type, candidates]) => [type, candidates.map(stepOf)] as const),
    unnamed: row.unnamed.map(({ prefix, step }) => ({ prefix, step: stepOf(step) })),
    ignored: [...row.ignored],
  }));
  const first = { actions: start.sources.actions.map(sourceOf), end: start.end };
  return { sources: sources.values, steps: steps.values, rows: written, start: first, eventTypes };
}

/** Makes a table ready to run, with the functions of the definition it was written from. */
export function readTable(table: WrittenTable, definition: PlainDefinition): CompiledMachine {
  const site = { path: [], machine: definition };
  const sources = table.sources.map((source) =>
    isTimer(source) ? timerFrom(source) : valueAt(definition, source),
  );
  const performed: Perform[] = [];
  const read = ({ guard, actions, end, changes, isCatchAll }: WrittenStep): Step => {
    const found: Sources = {
      guard: guard === null ? undefined : sources[guard],
      actions: actions.map((index) => sources[index]),
    };
    const performs = actions.map(
      (index) => (performed[index] ??= compileAction(sources[index], site).perform),
    );
    return { guard: compileGuard(found.guard, site), performs, sources: found, end, changes, isCatchAll };
  };
  const steps = table.steps.map(read);
  const stepAt = (index: number): Step => {
    const step = steps[index];
    if (step === undefined) throw new TypeError(`The table of machine '${definition.id}' is not whole.`);
    return step;
  };
  const readRow = (row: WrittenRow): Row => ({
    ...row,
    always: row.always.map(stepAt),
    named: new Map(row.named.map(([type, candidates]) => [type, candidates.map(stepAt)])),
    unnamed: row.unnamed.map(({ prefix, step }) => ({ prefix, step: stepAt(step) })),
    ignored: new Set(row.ignored),
  });
  const first = read({ ...table.start, guard: null, changes: true, isCatchAll: false });
  const compiled: Table = { rows: table.rows.map(readRow), start: first, eventTypes: table.eventTypes };
  return fromTable(definition, compiled);
}

/** Equal values get one number. */
class Numbered<Value> {
  readonly values: Value[] = [];
  readonly #known = new Map<string, number>();

  indexOf(value: Value): number {
    const text = JSON.stringify(value);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, this.values.length);
    return this.values.push(value) - 1;
  }
}

function timerOf(action: unknown): WrittenTimer | undefined {
  if (!isCallable(action) || !isBuiltIn(action, 'resolve')) return undefined;
  const { type, event, id, delay, sendId } = action;
  if (type === 'xstate.cancel' && typeof sendId === 'string') return { cancelled: sendId };
  if (type !== 'xstate.raise' || (typeof delay !== 'string' && typeof delay !== 'number')) return undefined;
  const isOfAfter = isRecord(event) && event['type'] === id && Object.keys(event).length === 1;
  return isOfAfter ? { timer: String(id), delay } : undefined;
}

function timerFrom(written: WrittenTimer): unknown {
  if ('cancelled' in written) return cancel(written.cancelled);
  const { timer, delay } = written;
  return raise<MachineContext, EventObject, EventObject, undefined, string, string>(
    { type: timer },
    { id: timer, delay },
  );
}

function isTimer(written: Place | WrittenTimer): written is WrittenTimer {
  return typeof written === 'object' && !Array.isArray(written);
}

function findPlaces(value: unknown, way: readonly string[], places: Map<unknown, readonly string[]>): void {
  if ((!isRecord(value) && !isCallable(value)) || places.has(value)) return;
  places.set(value, way);
  if (isCallable(value)) return;
  for (const [key, inner] of Object.entries(value)) findPlaces(inner, [...way, key], places);
}

function valueAt({ id, config }: PlainDefinition, place: Place): unknown {
  if (typeof place === 'string') return place;
  let value: unknown = config;
  for (const key of place) value = isRecord(value) ? value[key] : undefined;
  if (value !== undefined) return value;
  throw new TypeError(`Machine '${id}' has nothing at ${place.join('.')}: its table is of another version.`);
}
