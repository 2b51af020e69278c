/**
 * A compiled machine as plain data, so that a process can run it without XState: which actions run in which
 * order is laid out when the package is built; what they do stays in the definition, and is named by its
 * place there.
 */
import type { AnyStateMachine } from 'xstate';
import { compileAction } from './compile-actions.ts';
import { compileGuard } from './compile-guards.ts';
import { layOut, type Row, type Step, type Table } from './compile-table.ts';
import { type CompiledMachine, type Definition, fromTable } from './compile.ts';
import type { Sources } from './compile-plan.ts';
import { isCallable, isRecord } from './definition-value.ts';

/** An action or a guard: by its name alone, or by the way to it through the definition. */
type Place = string | readonly string[];

interface WrittenStep {
  readonly guard: Place | null;
  readonly actions: readonly Place[];
  readonly end: number;
  readonly changes: boolean;
  readonly isCatchAll: boolean;
}

interface WrittenRow {
  readonly name: string;
  readonly isEnd: boolean;
  readonly always: readonly WrittenStep[];
  readonly named: readonly (readonly [type: string, steps: readonly WrittenStep[]])[];
  readonly unnamed: readonly { readonly prefix: string; readonly step: WrittenStep }[];
  readonly ignored: readonly string[];
}

/** Survives `JSON.stringify`. */
export interface WrittenTable {
  readonly rows: readonly WrittenRow[];
  readonly start: Pick<WrittenStep, 'actions' | 'end'>;
  readonly eventTypes: readonly string[];
}

/** What a table is read with: the definition's own text, whoever made an object of it. */
export interface PlainDefinition extends Definition {
  readonly config: Readonly<Record<string, unknown>>;
  readonly implementations: { readonly actions: unknown; readonly guards: unknown };
}

/** Compiles a definition. Throws TypeError for what only XState can make, such as `after`. */
export function writeTable(machine: AnyStateMachine): WrittenTable {
  const { rows, start, eventTypes } = layOut(machine);
  const places = new Map<unknown, readonly string[]>();
  findPlaces(machine.config, [], places);
  const placeOf = (source: unknown): Place => {
    const place = typeof source === 'string' ? source : places.get(source);
    if (place !== undefined) return place;
    throw new TypeError(
      `Machine '${machine.id}' cannot be written down: XState itself adds an action to it.`,
    );
  };
  const placesOf = ({ guard, actions }: Sources): Pick<WrittenStep, 'guard' | 'actions'> => ({
    guard: guard === undefined ? null : placeOf(guard),
    actions: actions.map(placeOf),
  });
  const written = ({ sources, end, changes, isCatchAll }: Step): WrittenStep => ({
    ...placesOf(sources),
    end,
    changes,
    isCatchAll,
  });
  return {
    rows: rows.map((row) => ({
      name: row.name,
      isEnd: row.isEnd,
      always: row.always.map(written),
      named: Array.from(row.named, ([type, steps]) => [type, steps.map(written)] as const),
      unnamed: row.unnamed.map(({ prefix, step }) => ({ prefix, step: written(step) })),
      ignored: [...row.ignored],
    })),
    start: { actions: placesOf(start.sources).actions, end: start.end },
    eventTypes,
  };
}

/** Makes a table ready to run, with the functions of the definition it was written from. */
export function readTable(table: WrittenTable, definition: PlainDefinition): CompiledMachine {
  const { rows, start, eventTypes } = table;
  const site = { path: [], machine: definition };
  const sourcesOf = ({ guard, actions }: Pick<WrittenStep, 'guard' | 'actions'>): Sources => ({
    guard: guard === null ? undefined : valueAt(definition, guard),
    actions: actions.map((place) => valueAt(definition, place)),
  });
  const read = ({ end, changes, isCatchAll, ...places }: WrittenStep): Step => {
    const sources = sourcesOf(places);
    const performs = sources.actions.map((action) => compileAction(action, site).perform);
    return { guard: compileGuard(sources.guard, site), performs, sources, end, changes, isCatchAll };
  };
  const readRow = (row: WrittenRow): Row => ({
    ...row,
    always: row.always.map(read),
    named: new Map(row.named.map(([type, steps]) => [type, steps.map(read)])),
    unnamed: row.unnamed.map(({ prefix, step }) => ({ prefix, step: read(step) })),
    ignored: new Set(row.ignored),
  });
  const first = read({ ...start, guard: null, changes: true, isCatchAll: false });
  const compiled: Table = { rows: rows.map(readRow), start: first, eventTypes };
  return fromTable(definition, compiled);
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
