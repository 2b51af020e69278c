/** The facts of a real pool, in the model's names. */
import {
  canAnswer,
  type Facts,
  isDownSeen,
  isUpSeen,
  type MachineFacts,
  plainContext,
  timerText,
} from './facts.ts';
import type { Moment } from './plan.ts';
import type { RealChild } from './real-child.ts';
import type { Reality } from './reality.ts';

/** `processes` says what can be seen of each child: what is dead, or hangs, cannot be asked. */
export function factsOfReality(reality: Reality, { processes, facts }: Moment): Facts {
  const where = <Value>(
    isWanted: typeof canAnswer,
    what: (child: RealChild) => Value,
  ): Record<number, Value> =>
    Object.fromEntries(
      [...processes].flatMap(([id, process]) => {
        const child = reality.children.get(id);
        return isWanted(process) && child !== undefined ? [[id, what(child)]] : [];
      }),
    );
  const waiting = [...processes].filter(([, process]) => canAnswer(process)).map(([id]) => id);
  const holds = new Set(waiting.map((id) => reality.children.get(id)));
  return {
    announced: reality.announced,
    warm: reality.warming,
    // The real dispatcher does not show its queue.
    queue: reality.queue ?? facts.queue,
    pool: memberOf(reality, 'pool', 0),
    workers: membersOf(reality, 'worker'),
    tasks: membersOf(reality, 'task'),
    children: where(canAnswer, ({ last: { state, context } }) => ({
      state,
      context: context as MachineFacts['context'],
    })),
    up: where(isUpSeen, (child) => [
      ...(child.socket?.unread ?? []),
      ...(holds.has(child) ? child.last.held : []),
    ]),
    down: where(isDownSeen, ({ socket }) => socket?.written ?? []),
  };
}

function membersOf(reality: Reality, kind: 'worker' | 'task'): Record<number, MachineFacts> {
  const { system } = reality;
  const ids = kind === 'task' ? [...reality.tasks.keys()] : [...reality.children.keys()];
  const isThere = (id: number): boolean => system.stateOf(kind, realIdOf(reality, kind, id)) !== undefined;
  return Object.fromEntries(ids.filter(isThere).map((id) => [id, memberOf(reality, kind, id)]));
}

function memberOf(reality: Reality, kind: string, modelId: number): MachineFacts {
  const { system, clock } = reality;
  const id = realIdOf(reality, kind, modelId);
  const context = system.contextOf(kind, id) ?? {};
  const realWorkerId = context['workerId'];
  const workerId = typeof realWorkerId === 'number' ? reality.modelIdOf(realWorkerId) : undefined;
  const timers = clock.armed
    .filter((timer) => timer.kind === kind && timer.id === id)
    .map(({ timerId, event }) => timerText(timerId, event));
  return {
    state: system.stateOf(kind, id) ?? '',
    context: plainContext(context, workerId),
    timers: timers.toSorted(),
  };
}

const realIdOf = (reality: Reality, kind: string, id: number): number =>
  kind === 'worker' ? reality.realIdOf(id) : id;
