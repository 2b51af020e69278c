/** Commands of the machines as numbers: what they are called in Promela, and their parameters. */
import type { TaskOutcome, WorkerEnd } from '../../machines/reasons.ts';
import type { Command } from '../../src/runtime/compile.ts';

/** Of one command or more: its number and two parameters each. */
export type Program = readonly (readonly [command: number, first: number, second: number])[];

type Parameters = Readonly<Record<string, unknown>>;
type Encode = (parameters: Parameters) => readonly number[];

const outcomes: readonly TaskOutcome[] = [
  'fulfilled',
  'rejected',
  'cancelled',
  'timedOut',
  'queueTimedOut',
  'deadlineMissed',
  'lost',
  'closed',
  'broken',
];

const ends: readonly WorkerEnd[] = [
  'none',
  'died',
  'stopped',
  'killed',
  'spawnFailed',
  'startTimedOut',
  'initializeFailed',
  'protocolBroken',
  'frozen',
  'unresponsive',
];

const poolStates = ['running', 'draining', 'closed', 'broken'];

const nothing: Encode = () => [];
const task: Encode = ({ taskId }) => [Number(taskId)];
const position = (list: readonly unknown[], value: unknown): number => {
  const at = list.indexOf(value);
  if (at === -1) throw new Error(`${String(value)} is none of ${list.join(', ')}.`);
  return at;
};

const encoders: Readonly<Record<string, Encode>> = {
  // of the pool
  createTask: task,
  refuseTask: task,
  announceRoom: nothing,
  spawnWorkers: ({ count }) => [Number(count)],
  stopWorkers: nothing,
  destroyWorkers: nothing,
  abandonQueue: nothing,
  abandonTasks: ({ why }) => [position(['closed', 'broken'], why)],
  announceState: ({ state }) => [position(poolStates, state)],
  lookAgain: nothing,
  forgetTimers: nothing,
  // of a task
  enqueue: ({ front }) => [front === true ? 1 : 0],
  dequeue: nothing,
  settle: ({ outcome }) => [position(outcomes, outcome)],
  announceRetry: nothing,
  forgetTask: nothing,
  // of a worker
  spawnChild: nothing,
  writeInit: nothing,
  writeRun: ({ taskId, attempt }) => [Number(taskId), Number(attempt)],
  writeCancel: task,
  writeRecall: task,
  writeStop: nothing,
  readRest: nothing,
  signalChild: ({ signal }) => [position(['', 'SIGTERM', 'SIGKILL'], signal)],
  offerSlots: nothing,
  withdrawSlots: nothing,
  freeSlot: task,
  forgetWorker: ({ end, served }) => [position(ends, end), served === true ? 1 : 0],
  // of a child
  writeHello: nothing,
  runInitialize: nothing,
  writeReady: nothing,
  writeInitializeFailed: nothing,
  look: nothing,
  runTask: task,
  abortTask: task,
  writeOutcome: task,
  writeDropped: task,
  flushAndExit: nothing,
  exitNow: nothing,
};

/** Those of several machines, or of several parts. */
const others = [
  'tell_pool',
  'tell_worker',
  'tell_task',
  'loseRunning',
  'loseHanded',
  'startTask',
  'noteTaskStart',
  'sendStart',
];

/** Stands for every command the model does not know: to be asked for it is an error. */
const unknown = 'nobodyPerforms';

const numbers = new Map(['end', unknown, ...others, ...Object.keys(encoders)].map((name, at) => [name, at]));
const numberOf = (name: string): number => numbers.get(name) ?? 1;

export const commandMacros: readonly string[] = [
  ...[...numbers].map(([name, number]) => `#define do_${name} ${number}`),
  ...outcomes.map((name, at) => `#define outcome_${name} ${at}`),
  ...ends.map((name, at) => `#define end_${name} ${at}`),
  ...poolStates.map((name, at) => `#define state_${name} ${at}`),
];

export const tellNumber = (to: string, id: number, event: number): Program => [
  [numberOf(`tell_${to}`), id, event],
];

/** `kind`: whose command it is; two kinds have an `announceStart`. */
export function programOf(kind: string, { type, params }: Command): Program {
  const parameters = (params ?? {}) as Parameters;
  if (type === 'announceStart')
    return kind === 'child'
      ? [[numberOf('sendStart'), Number(parameters['taskId']), 0]]
      : [[numberOf('noteTaskStart'), 0, 0]];
  if (type === 'loseTasks') {
    const { running, handed } = parameters as { running: number[]; handed: number[] };
    return [
      ...running.map((taskId) => [numberOf('loseRunning'), taskId, 0] as const),
      ...handed.toReversed().map((taskId) => [numberOf('loseHanded'), taskId, 0] as const),
    ];
  }
  if (type === 'startTasks') {
    const { taskIds } = parameters as { taskIds: number[] };
    return taskIds.map((taskId) => [numberOf('startTask'), taskId, 0] as const);
  }
  // Nobody submits from a task there.
  if (type === 'cancelNested') return [];
  const encode = encoders[type];
  if (encode === undefined) return [[numberOf(unknown), 0, 0]];
  const [first = 0, second = 0] = encode(parameters);
  return [[numberOf(type), first, second]];
}
