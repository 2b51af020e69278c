/** What is compared after each step: the same plain facts, read from the model and from the real pool. */
import type { Desk, Outside, Process } from '../../src/verify/pool/records.ts';
import type { MemberState } from '../../src/verify/machine-kind.ts';
import type { World } from '../../src/verify/world.ts';

type Context = Readonly<Record<string, unknown>>;

/** One machine. */
export interface MachineFacts {
  readonly state: string;
  readonly context: Context;
  /** Timers that are set, by their events. */
  readonly timers: readonly string[];
}

/** Ids of workers are those of the model. */
export interface Facts {
  readonly announced: string;
  /** The most workers that somebody waits for, or 0. */
  readonly warm: number;
  /** Tasks that wait for a worker. */
  readonly queue: readonly number[];
  readonly pool: MachineFacts;
  readonly workers: Readonly<Record<number, MachineFacts>>;
  readonly tasks: Readonly<Record<number, MachineFacts>>;
  /** Children that can be asked. */
  readonly children: Readonly<Record<number, Pick<MachineFacts, 'state' | 'context'>>>;
  /** Messages on their way from each child, and to it. */
  readonly up: Readonly<Record<number, readonly string[]>>;
  readonly down: Readonly<Record<number, readonly string[]>>;
}

/** Whether a child can be asked what it is like. */
export const canAnswer = ({ life, isHung, isFrozen }: Process): boolean =>
  life === 'up' && !isHung && !isFrozen;

/** Whether all that is on its way from a child can be seen. */
export const isUpSeen = ({ life, isBroken, isCorrupt }: Process): boolean =>
  life !== 'failed' && !isBroken && !isCorrupt;

export const isDownSeen = (process: Process): boolean => process.life === 'up' && isUpSeen(process);

/** A context without what is different by nature: lengths of delays, bytes, and how much is handed ahead. */
export function plainContext(context: Context, workerId?: number): Context {
  const kept = Object.entries(context).filter(([key]) => !/(?:Ms|Bytes)$/u.test(key) && key !== 'window');
  const plain = Object.fromEntries(kept);
  return workerId === undefined ? plain : { ...plain, workerId };
}

/** A timer as a text; those without an id are told apart by what they tell. */
export const timerText = (id: string | null, event: string): string => `${id ?? ''} ${event}`;

export function factsOfModel(world: World): Facts {
  const members = (kind: string): Record<number, MachineFacts> =>
    Object.fromEntries(world.ids(kind).map((id) => [id, factsOfMember(world.member(kind, id))]));
  const processes = processesOf(world);
  const where = <Value>(
    isWanted: (process: Process) => boolean,
    what: (process: Process, id: number) => Value,
  ): Record<number, Value> =>
    Object.fromEntries(
      [...processes]
        .filter(([, process]) => isWanted(process))
        .map(([id, process]) => [id, what(process, id)]),
    );
  return {
    announced: world.get<Outside>('outside').announced,
    warm: world.get<Outside>('outside').warm,
    queue: world.get<Desk>('desk').queue,
    pool: factsOfMember(world.member('pool')),
    workers: members('worker'),
    tasks: members('task'),
    children: where(canAnswer, (_, id) => {
      const { state, context } = world.member('child', id);
      return { state, context };
    }),
    up: where(isUpSeen, ({ up }) => up.map(messageText)),
    down: where(isDownSeen, ({ down }) => down.map(messageText)),
  };
}

export const processesOf = (world: World): Map<number, Process> =>
  new Map(world.ids('process').map((id) => [id, world.get<Process>('process', id)]));

function factsOfMember({ state, context, timers }: MemberState): MachineFacts {
  const texts = timers.map(({ id, event }) => timerText(id, event.type));
  return { state, context: plainContext(context), timers: texts.toSorted() };
}

function messageText(message: { type: string; taskId?: number; attempt?: number }): string {
  const { type, taskId, attempt } = message;
  if (taskId === undefined) return type;
  return attempt === undefined ? `${type} ${taskId}` : `${type} ${taskId}/${attempt}`;
}

/** Where two sets of facts differ, a line each. */
export function differences(model: unknown, real: unknown, path = ''): string[] {
  if (isRecord(model) && isRecord(real)) {
    const keys = new Set([...Object.keys(model), ...Object.keys(real)]);
    return [...keys].flatMap((key) =>
      differences(model[key], real[key], path === '' ? key : `${path}.${key}`),
    );
  }
  const [inModel, inReality] = [JSON.stringify(model), JSON.stringify(real)];
  return inModel === inReality ? [] : [`${path}: ${inModel} in the model, ${inReality} in reality`];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
