/** Makes the moves of the model happen in reality. */
import { PROTOCOL_VERSION } from '../../machines/protocol.ts';
import { setImmediate as turn } from 'node:timers/promises';
import { babble } from '../../src/verify/pool/process-faults.ts';
import { ownerOfTimer } from '../../src/verify/pool/timer-owner.ts';
import { timerText } from './facts.ts';
import { messagesLeft, type Plan, type PlannedStep } from './plan.ts';
import { unresponsiveAfterMs } from './manual-clock.ts';
import type { RealChild } from './real-child.ts';
import type { Reality } from './reality.ts';

/** A watch looks more than once before it acts. */
const looksMax = 5;

/** Makes one step of a plan, and waits until all that follows from it in this process is over. */
export async function perform(reality: Reality, plan: Plan, at: number): Promise<void> {
  const step = plan.steps[at];
  if (step === undefined) throw new RangeError(`The plan has no step ${at}.`);
  reality.prepare(step.choices);
  if (step.move.name.endsWith('timer')) fireTimer(reality, step);
  else if (step.move.name === 'recall') lookUntil(reality, 'recall', 'recall.asked');
  else if (step.move.kind === 'caller') call(reality, step, plan);
  else await performChild(reality, plan, at, step);
  await turn();
  await turn();
  reality.clock.noteRest();
}

function call(reality: Reality, { move: { name, id } }: PlannedStep, { scope }: Plan): void {
  const { pool } = reality;
  switch (name) {
    case 'submit':
      reality.submit();
      break;
    case 'expect work':
      pool.expectWork();
      break;
    case 'cancel':
      reality.cancel(id);
      break;
    case 'resize':
      pool.resize(...(scope.sizes[id] ?? [0, 1]));
      break;
    case 'warm':
      reality.warm(id);
      break;
    case 'release':
      pool.release();
      break;
    case 'close':
      void pool.close(true, Infinity);
      break;
    case 'close without draining':
      void pool.close(false, Infinity);
      break;
    case 'close within a time':
      reality.closeWithinTime();
      break;
    case 'terminate':
      void pool.terminate();
      break;
    default:
      throw new Error(`Nobody knows how to ${name}.`);
  }
}

function fireTimer(reality: Reality, { move, before }: PlannedStep): void {
  const { kind, id } = ownerOfTimer(move.id);
  const text = before.timers[`${kind} ${id}`]?.[move.detail];
  const realId = kind === 'worker' ? reality.realIdOf(id) : id;
  const armed = reality.clock.armed.find(
    (timer) => timer.kind === kind && timer.id === realId && timerText(timer.timerId, timer.event) === text,
  );
  if (armed === undefined) throw new Error(`The timer "${text}" of ${kind} ${id} is not set.`);
  armed.fire();
}

/** Has a watch look until it has seen something. */
function lookUntil(reality: Reality, watch: string, event: string): void {
  repeatUntil(reality, event, () => {
    const armed = reality.clock.armed.find(({ kind }) => kind === watch);
    armed?.fire();
    return armed !== undefined;
  });
}

function repeatUntil(reality: Reality, event: string, look: () => boolean): void {
  const before = reality.countOf(event);
  for (let looks = 0; looks < looksMax && reality.countOf(event) === before; looks += 1)
    if (!look()) throw new Error(`Nobody looks whether there is a ${event}.`);
  if (reality.countOf(event) === before) throw new Error(`Nobody saw a ${event}.`);
}

async function performChild(reality: Reality, plan: Plan, at: number, step: PlannedStep): Promise<void> {
  const { id, name } = step.move;
  const child = reality.children.get(id);
  if (child === undefined) throw new Error(`There is no child ${id}.`);
  const isDying =
    step.before.processes.get(id)?.life === 'up' && step.after.processes.get(id)?.life === 'dead';
  if (isDying && name !== 'exit') await child.haveSent(step.after.processes.get(id)?.up.length ?? 0);
  const act = acts[name];
  if (act === undefined) throw new Error(`Nobody knows how a child can ${name}.`);
  // From here on it can send nothing more.
  if (endsSending.has(name)) await child.haveSent(messagesLeft(plan, at, id));
  await act({ reality, child, step, isDying });
}

const endsSending: ReadonlySet<string> = new Set(['hang', 'freeze', 'break the channel']);

interface Act {
  readonly reality: Reality;
  readonly child: RealChild;
  readonly step: PlannedStep;
  readonly isDying: boolean;
}

const acts: Readonly<Record<string, (act: Act) => Promise<void>>> = {
  async deliver({ child }) {
    await child.haveSent(1);
    child.socket?.deliver();
  },
  'tell that it could not be spawned': ({ child }) => child.tellSpawnFailed(),
  'tell the exit': ({ child }) => child.tellExit(),
  'tell the end of the channel': ({ child }) => child.tellEnd(),
  async 'tell that nothing is left to read'({ reality }) {
    repeatUntil(reality, 'channel.emptied', () => reality.callBack());
    await Promise.resolve();
  },
  async 'notice a pause'({ reality }) {
    reality.clock.skip(unresponsiveAfterMs);
    lookUntil(reality, 'pause', 'parent.paused');
    await Promise.resolve();
  },
  'die of SIGKILL': ({ child }) => child.die('SIGKILL'),
  'die of SIGTERM': ({ child }) => child.die('SIGTERM'),
  crash: ({ child }) => child.die('SIGKILL'),
  async 'notice that it is frozen'({ reality }) {
    lookUntil(reality, 'freeze', 'child.froze');
    await Promise.resolve();
  },
  boot: ({ child }) => child.order({ do: 'boot' }),
  initialize: ({ child }) => child.order({ do: 'initialize', fails: false }),
  'fail to initialize': ({ child }) => child.order({ do: 'initialize', fails: true }),
  exit: ({ child }) => child.orderEnd({ do: 'exit' }),
  'see that the channel is closed': ({ child, isDying }) =>
    isDying ? child.orderEnd({ do: 'see the end' }) : child.order({ do: 'see the end' }),
  async read({ child, step }) {
    await child.order({ do: 'read' }, isFlushSlow(step));
    child.socket?.written.shift();
  },
  'flush an announcement': ({ child, step }) => child.order({ do: 'flush', taskId: step.move.detail }),
  'look at the channel': ({ child, step }) => child.order({ do: 'look' }, isFlushSlow(step)),
  return: (act) => end(act, 'returned'),
  throw: (act) => end(act, 'threw'),
  'throw by mistake': (act) => end(act, 'threw'),
  'report its memory': ({ child }) => child.order({ do: 'babble', message: ['memory', 2] }),
  hang: ({ child }) => child.order({ do: 'hang' }),
  freeze: ({ child }) => child.freeze(),
  'break the channel': ({ child }) => child.order({ do: 'break the channel' }),
  'hold the pipe open': ({ child }) => child.order({ do: 'have the channel held' }),
  'corrupt the channel': ({ child }) => child.tellGarbage(),
  async babble({ child, step }) {
    const kind = babble[step.move.detail] ?? 'hello';
    const { up = [] } = step.after.processes.get(step.move.id) ?? {};
    const said = up.at(-1);
    const isReport = said !== undefined && 'taskId' in said;
    await child.order({ do: 'babble', message: isReport ? reportOf(kind, said) : wordOf(kind) });
  },
};

function end({ child, step }: Act, outcome: 'returned' | 'threw'): Promise<void> {
  return child.order({ do: 'end', taskId: step.move.detail, outcome }, isFlushSlow(step));
}

const isFlushSlow = ({ move: { id }, before, after }: PlannedStep): boolean =>
  (after.processes.get(id)?.flushing.length ?? 0) > (before.processes.get(id)?.flushing.length ?? 0);

function reportOf(kind: string, { taskId, attempt }: { taskId: number; attempt: number }): unknown[] {
  if (kind === 'returned') return [kind, taskId, attempt, 1, 'done'];
  return kind === 'threw' ? [kind, taskId, attempt, 1, 'It threw.'] : [kind, taskId, attempt];
}

function wordOf(kind: string): unknown[] {
  if (kind === 'hello') return [kind, { protocol: PROTOCOL_VERSION, pid: 1 }];
  return kind === 'initializeFailed' ? [kind, 'It failed.'] : [kind];
}
