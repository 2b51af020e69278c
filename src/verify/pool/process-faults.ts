/** What may go wrong with a child process or its pipe, and what it leads to. */
import type { WorkerId } from '../../../machines/ids.ts';
import type { Move } from '../model.ts';
import type { World } from '../world.ts';
import { die, writeUp } from './child-commands.ts';
import {
  fateOf,
  isKnown,
  loseMessages,
  mayFail,
  noteFate,
  noteProcess,
  processOf,
  spendFault,
} from './outside.ts';
import type { Process, Server, Up } from './records.ts';

export type Add = (name: string, kind: Move['kind'], detail?: number, isIndependent?: boolean) => void;

/** Out of turn, as something else in the child might write it. */
export const babble: readonly Exclude<Up['type'], 'nested'>[] = [
  'hello',
  'ready',
  'initializeFailed',
  'started',
  'returned',
  'threw',
  'dropped',
];

export function addFaults(world: World, workerId: WorkerId, process: Process, add: Add): void {
  const isTaskThere = (world.find<Server>('server', workerId)?.held.length ?? 0) > 0;
  if (mayFail(world, 'crash')) add('crash', 'fault');
  if (mayFail(world, 'hang') && !process.isHung) add('hang', 'fault');
  if (mayFail(world, 'freeze') && !process.isFrozen) add('freeze', 'fault');
  if (mayFail(world, 'channelBreaks') && !process.isBroken) add('break the channel', 'fault');
  if (mayFail(world, 'pipeStuck') && !process.isStuck) add('hold the pipe open', 'fault');
  if (mayFail(world, 'corrupt') && !process.isCorrupt) add('corrupt the channel', 'fault');
  if (mayFail(world, 'babble'))
    for (const at of babble.keys()) if (at < 3 || isTaskThere) add('babble', 'fault', at);
}

/** What each of these moves does. */
export const faultActs: Readonly<Record<string, (world: World, workerId: WorkerId, detail: number) => void>> =
  {
    crash: (world, workerId) => {
      spendFault(world, 'crash');
      die(world, workerId);
    },
    hang: (world, workerId) => {
      spendFault(world, 'hang');
      noteProcess(world, workerId, { isHung: true });
    },
    freeze: (world, workerId) => {
      spendFault(world, 'freeze');
      noteProcess(world, workerId, { isFrozen: true });
    },
    'break the channel': (world, workerId) => {
      spendFault(world, 'channelBreaks');
      noteProcess(world, workerId, { isBroken: true, down: [] });
    },
    'hold the pipe open': (world, workerId) => {
      spendFault(world, 'pipeStuck');
      noteProcess(world, workerId, { isStuck: true });
    },
    'corrupt the channel': (world, workerId) => {
      spendFault(world, 'corrupt');
      loseMessages(world, processOf(world, workerId).up);
      noteProcess(world, workerId, { isCorrupt: true, down: [], up: [], flushed: 0 });
      world.tell('worker', workerId, { type: 'channel.corrupted' });
    },
    babble: (world, workerId, detail) => {
      spendFault(world, 'babble');
      const type = babble[detail];
      const [taskId = 0] = world.find<{ held: number[] }>('server', workerId)?.held ?? [];
      noteProcess(world, workerId, { babbled: true });
      if (type === 'hello' || type === 'ready' || type === 'initializeFailed')
        writeUp(world, workerId, { type });
      else if (type !== undefined) {
        if (isKnown(world, taskId)) noteFate(world, taskId, { isForged: true });
        const attempt = isKnown(world, taskId) ? fateOf(world, taskId).attempt : 1;
        writeUp(world, workerId, { type, taskId, attempt });
      }
    },
  };
