/** A path played in the model: for each step what it chose, which reality has to be given too. */
import { playStart, playStep, type PathStep } from '../../src/verify/counterexample.ts';
import type { MachineEvent } from '../../src/runtime/compile.ts';
import { bind, type Move } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import type { CoveringPath } from '../../src/verify/paths.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import type { Process } from '../../src/verify/pool/records.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { type Facts, factsOfModel, processesOf, timerText } from './facts.ts';

/** A moment of the model. */
export interface Moment {
  readonly facts: Facts;
  readonly processes: ReadonlyMap<number, Process>;
  /** What may still go wrong. */
  readonly faults: Readonly<Record<string, number>>;
  /** What callers may still do. */
  readonly calls: Readonly<Record<string, number>>;
  /** The timers of each member as moves count them. */
  readonly timers: Readonly<Record<string, readonly string[]>>;
}

/** A task that is handed over, when the pool has been told so often in this step what it could not place. */
export interface PlannedMatch {
  readonly taskId: number;
  readonly workerId: number;
  readonly demands: number;
}

/** What the model chose in a step. Ids of workers are the model's. */
export interface Choices {
  /** Children that were spawned, in order. */
  readonly spawns: readonly { readonly workerId: number; readonly fails: boolean }[];
  /** Tasks that were handed over, in order. */
  readonly matches: readonly PlannedMatch[];
  /** Workers that were asked to leave, in order. */
  readonly retirees: readonly number[];
  /** Tasks whose arguments could no longer be sent. */
  readonly unsendable: readonly number[];
  /** What the code of a caller does when it hears that its task has settled. */
  readonly callback: Callback | null;
}

export type Callback =
  | { readonly do: 'close' | 'submit' }
  | { readonly do: 'cancel'; readonly taskId: number };

/** What comes out of a step, for those outside. */
export interface Results {
  /** `1 fulfilled`, `2 refused: full`. */
  readonly settlements: readonly string[];
  /** `1 SIGTERM`. */
  readonly signals: readonly string[];
  /** What each machine of the parent got, sorted: `worker 1 child.exited`. */
  readonly events: readonly string[];
}

export interface PlannedStep {
  readonly path: PathStep;
  readonly move: Move;
  readonly before: Moment;
  readonly after: Moment;
  readonly choices: Choices;
  readonly results: Results;
}

export interface Plan {
  readonly scope: PoolScope;
  readonly start: Moment;
  readonly startChoices: Choices;
  readonly steps: readonly PlannedStep[];
}

export function planOf(scope: PoolScope, path: CoveringPath): Plan {
  const system = new ModelSystem(bind(poolModel, scope), false);
  const { world } = system;
  const { happenings } = playStart(system, path.start);
  const start = momentOf(system);
  let before = start;
  const steps = path.steps.map(({ index, script }) => {
    const row = world.row.slice();
    world.load(row);
    const move = system.moves()[index];
    if (move === undefined) throw new RangeError(`There is no move ${index}.`);
    const step = playStep(system, row, index, script);
    const after = momentOf(system);
    const choices = choicesOf(step, before, after, move.name);
    const planned = { path: step, move, before, after, choices, results: resultsOf(step) };
    before = after;
    return planned;
  });
  return { scope, start, startChoices: choicesOf({ happenings }, start, start, 'start'), steps };
}

function momentOf({ world }: ModelSystem): Moment {
  return {
    facts: factsOfModel(world),
    processes: processesOf(world),
    faults: world.get<Record<string, number>>('faults'),
    calls: world.get<Record<string, number>>('calls'),
    timers: Object.fromEntries(
      ['pool', 'worker', 'task'].flatMap((kind) =>
        world
          .ids(kind)
          .map((id) => [
            `${kind} ${id}`,
            world.member(kind, id).timers.map(({ id: timerId, event }) => timerText(timerId, event.type)),
          ]),
      ),
    ),
  };
}

function choicesOf(
  { happenings }: Pick<PathStep, 'happenings'>,
  before: Moment,
  after: Moment,
  move: string,
): Choices {
  const spawns: { workerId: number; fails: boolean }[] = [];
  const matches: PlannedMatch[] = [];
  const retirees: number[] = [];
  const unsendable = new Set<number>();
  let demands = 0;
  for (const happening of happenings) {
    if (happening.type === 'command') {
      const id = numberIn(happening.member);
      if (happening.command.type === 'spawnChild')
        spawns.push({ workerId: id, fails: after.processes.get(id)?.life === 'failed' });
      if (happening.command.type === 'writeRun')
        unsendable.add((happening.command.params as { taskId: number }).taskId);
    } else if (happening.type === 'message') {
      if (happening.text.startsWith('run ')) unsendable.delete(numberIn(happening.text));
    } else if (happening.type === 'step') {
      const { member, event } = happening;
      if (event.type === 'task.assigned' && member.startsWith('task'))
        matches.push({
          taskId: numberIn(member),
          workerId: (event as unknown as { workerId: number }).workerId,
          demands,
        });
      if (event.type === 'demand.seen') demands += 1;
      if (event.type === 'stop.asked') retirees.push(numberIn(member));
    }
  }
  const callback = callbackOf({ happenings }, before, after, move);
  return { spawns, matches, retirees, unsendable: [...unsendable], callback };
}

function callbackOf(
  { happenings }: Pick<PathStep, 'happenings'>,
  before: Moment,
  after: Moment,
  move: string,
): Callback | null {
  if (spent(before.calls, after.calls, 'callback') === 0) return null;
  if (spent(before.calls, after.calls, 'submit') > (move === 'submit' ? 1 : 0)) return { do: 'submit' };
  // The first is the move itself.
  const own = `${move.split(' ')[0]}.asked`;
  let isOwnSeen = own !== 'close.asked' && own !== 'cancel.asked';
  for (const happening of happenings) {
    if (happening.type !== 'step') continue;
    const { member, event } = happening;
    if (event.type === own && !isOwnSeen) isOwnSeen = true;
    else if (event.type === 'close.asked') return { do: 'close' };
    else if (event.type === 'cancel.asked') return { do: 'cancel', taskId: numberIn(member) };
  }
  // It cancelled what was over before the word came through.
  return null;
}

const spent = (before: Moment['calls'], after: Moment['calls'], name: string): number =>
  (before[name] ?? 0) - (after[name] ?? 0);

function resultsOf({ happenings }: PathStep): Results {
  const settlements: string[] = [];
  const signals: string[] = [];
  const events: string[] = [];
  for (const happening of happenings) {
    if (happening.type === 'step' && !/^child|^$/u.test(happening.member)) {
      const { member, event } = happening;
      const [kind = '', id = '0'] = member.split(' ');
      if (event.type !== 'xstate.init') events.push(eventLine(kind, Number(id), event));
    } else if (happening.type === 'note') {
      const settled = /^task (?<task>\d+) settles: (?<outcome>\w+)$/u.exec(happening.text)?.groups;
      if (settled !== undefined) settlements.push(`${settled['task']} ${settled['outcome']}`);
      const sent = /^worker (?<worker>\d+) sends (?<signal>\w+)$/u.exec(happening.text)?.groups;
      if (sent !== undefined) signals.push(`${sent['worker']} ${sent['signal']}`);
    } else if (happening.type === 'command' && happening.command.type === 'refuseTask') {
      const { taskId, why } = happening.command.params as { taskId: number; why: string };
      settlements.push(`${taskId} refused: ${why}`);
    }
  }
  return { settlements, signals, events: events.toSorted() };
}

/** An event as a line; what could not be placed is part of it. */
export function eventLine(kind: string, id: number, event: MachineEvent): string {
  const { waiting, idle } = event as { waiting?: number; idle?: number };
  const demand = waiting === undefined ? '' : ` ${waiting} ${idle}`;
  return `${kind}${id === 0 ? '' : ` ${id}`} ${event.type}${demand}`;
}

const numberIn = (member: string): number => Number(member.split(' ').at(-1));

/** How many messages of a child the parent gets after a step, though the child can send no more of them. */
export function messagesLeft({ steps }: Plan, at: number, workerId: number): number {
  let read = 0;
  for (const { move, before, after } of steps.slice(at + 1)) {
    const process = after.processes.get(workerId);
    const isDead = before.processes.get(workerId)?.life === 'dead';
    if (process === undefined || isDead) return read + (before.processes.get(workerId)?.up.length ?? 0);
    if (process.life === 'dead') return read + process.up.length;
    if (move.name === 'deliver' && move.id === workerId) read += 1;
  }
  return read;
}

const abandoned: ReadonlySet<string> = new Set(['queue.abandoned', 'pool.abandoned']);

/**
 * Whether the real pool could do it so. It goes through tasks in the order in which they were submitted,
 * which the model has forgotten: it tries others too. And it hands nothing over while it hears nothing, when
 * only a child does something.
 */
export function isRealChoice({ happenings }: PathStep, move: Move): boolean {
  let last = 0;
  for (const happening of happenings) {
    if (happening.type !== 'step') continue;
    const { event, member } = happening;
    if (event.type === 'task.assigned' && isUnheard(move)) return false;
    if (!abandoned.has(event.type)) continue;
    const taskId = numberIn(member);
    if (taskId < last) return false;
    last = taskId;
  }
  return true;
}

/** Whether it happens in a child, and the parent hears nothing of it yet. */
const isUnheard = ({ name, kind }: Move): boolean =>
  kind !== 'caller' && !/timer$|^(?:recall|deliver|tell|notice|corrupt)/u.test(name);

const ordered: ReadonlySet<string> = new Set([
  'break the channel',
  'corrupt the channel',
  'hold the pipe open',
  'babble',
]);

/** Whether a real child can be made to do it alone. */
export function isReproducible(processes: Moment['processes'], { name, id, detail }: Move): boolean {
  const process = processes.get(id);
  if (process === undefined) return true;
  const { isHung, isFrozen, isBroken, isCorrupt, isStuck, runs } = process;
  // It does these when it is told to: one that hangs cannot, nor one without a channel.
  if (ordered.has(name)) return !isHung && !isFrozen && !isBroken && !isCorrupt && !isStuck;
  // The parent's end is gone too, and its start would be announced to nobody.
  if (isCorrupt && (name === 'look at the channel' || name === 'flush an announcement')) return false;
  // A function that was cancelled before it began throws in the same moment.
  return (
    name !== 'flush an announcement' || !runs.some(({ taskId, isAborted }) => taskId === detail && isAborted)
  );
}
