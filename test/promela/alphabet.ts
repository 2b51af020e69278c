/**
 * What may be told to each machine from outside of all machines, numbered so that Promela can compute the
 * number of an event from its parameters.
 */
import type { PoolScope } from '../../src/verify/pool/scope.ts';

export type KindName = 'pool' | 'worker' | 'task' | 'child';

/** In the order of their numbers in Promela, from 1. */
export const kindNames: readonly KindName[] = ['pool', 'worker', 'task', 'child'];

/** One type of event with every value of its parameters. */
interface Family {
  readonly kind: KindName;
  readonly type: string;
  readonly parameters: readonly { readonly name: string; readonly values: readonly unknown[] }[];
}

export interface Alphabet {
  /** The events of each kind, in the order of their numbers. */
  readonly events: Readonly<Record<KindName, readonly { readonly type: string }[]>>;
  /** For each event a macro that computes its number: parameters count from 0. */
  readonly macros: readonly string[];
}

const from = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

function familiesIn({ tasks, concurrency }: PoolScope, workers: number): Family[] {
  const task = { name: 'taskId', values: from(1, tasks) };
  const flag = (name: string): Family['parameters'][number] => ({ name, values: [false, true] });
  const of = (kind: KindName, ...types: string[]): Family[] =>
    types.map((type) => ({ kind, type, parameters: [] }));
  const withTask = (kind: KindName, ...types: string[]): Family[] =>
    types.map((type) => ({ kind, type, parameters: [task] }));
  return [
    ...withTask('pool', 'task.submitted'),
    ...of('pool', 'task.settled', 'terminate.asked'),
    { kind: 'pool', type: 'close.asked', parameters: [flag('drain')] },
    {
      kind: 'pool',
      type: 'demand.seen',
      parameters: [
        { name: 'waiting', values: from(0, tasks) },
        { name: 'idle', values: from(0, workers) },
      ],
    },
    ...of('worker', 'child.spawnFailed', 'child.exited', 'channel.closed', 'channel.emptied'),
    ...of('worker', 'child.greeted', 'child.initialized', 'child.initializeFailed'),
    ...of('worker', 'leave.asked', 'destroy.asked'),
    ...withTask('worker', 'task.started', 'task.returned', 'task.dropped'),
    { kind: 'worker', type: 'task.threw', parameters: [task, flag('retryable')] },
    { kind: 'task', type: 'task.assigned', parameters: [{ name: 'workerId', values: from(1, workers) }] },
    { kind: 'task', type: 'worker.lost', parameters: [flag('retryable')] },
    ...of('task', 'task.started', 'recall.asked', 'cancel.asked', 'queue.abandoned'),
    { kind: 'task', type: 'pool.abandoned', parameters: [{ name: 'why', values: ['closed', 'broken'] }] },
    ...of('child', 'boot.finished', 'initialize.finished', 'initialize.failed'),
    ...of('child', 'look.finished', 'stop.received'),
    { kind: 'child', type: 'init.received', parameters: [{ name: 'concurrency', values: [concurrency] }] },
    ...withTask('child', 'run.received', 'cancel.received', 'recall.received'),
    ...withTask('child', 'start.flushed', 'task.ended'),
  ];
}

export function alphabetOf(scope: PoolScope, workers: number): Alphabet {
  const events: Record<KindName, { type: string }[]> = { pool: [], worker: [], task: [], child: [] };
  const macros: string[] = [];
  for (const family of familiesIn(scope, workers)) {
    macros.push(macroOf(family, events[family.kind].length));
    events[family.kind].push(...valuesOf(family));
  }
  return { events, macros };
}

function valuesOf({ type, parameters }: Family): { type: string }[] {
  let all: object[] = [{ type }];
  for (const { name, values } of parameters)
    all = all.flatMap((event) => values.map((value) => ({ ...event, [name]: value })));
  return all as { type: string }[];
}

/** Ids count from 1, so 1 is taken off them; flags and counts are used as they are. */
function macroOf({ kind, type, parameters }: Family, first: number): string {
  const name = `${kind}_${type.replaceAll('.', '_')}`;
  if (parameters.length === 0) return `#define ${name} ${first}`;
  let sum = String(first);
  let width = 1;
  for (const parameter of parameters.toReversed()) {
    const [least] = parameter.values;
    const base = typeof least === 'number' && least !== 0 ? ` - ${least}` : '';
    sum += ` + ((${parameter.name})${base}) * ${width}`;
    width *= parameter.values.length;
  }
  return `#define ${name}(${parameters.map((parameter) => parameter.name).join(', ')}) (${sum})`;
}
