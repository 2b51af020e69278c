/** What a worker does in more than one state: lists of actions, to be read beside the machine. */
import type { TaskId } from '../ids.ts';
import type { WorkerEnd } from '../reasons.ts';
import type { Tell } from '../topology.ts';
import type { WorkerContext, WorkerEvent } from './events.ts';

export const taskOf = (event: WorkerEvent): TaskId => ('taskId' in event ? event.taskId : 0);

/** What a worker passes on to the task itself. */
const tellTask = {
  type: 'tell',
  params: ({ event }: { event: WorkerEvent }): Tell => ({
    to: 'task',
    id: taskOf(event),
    event:
      event.type === 'task.threw'
        ? { type: 'task.threw', retryable: event.retryable }
        : event.type === 'task.started' || event.type === 'task.returned'
          ? { type: event.type }
          : { type: 'task.dropped' },
  }),
} as const;

export const bounce = {
  type: 'tell',
  params: ({ event }: { event: WorkerEvent }): Tell => ({
    to: 'task',
    id: taskOf(event),
    event: { type: 'worker.lost', retryable: false },
  }),
} as const;

type Facts = { readonly context: WorkerContext };
export const tellLeaving = {
  type: 'tell',
  params: ({ context: { workerId, served } }: Facts): Tell => ({
    to: 'pool',
    id: 0,
    event: { type: 'worker.leaving', workerId, served },
  }),
} as const;
export const tellIdle = {
  type: 'tell',
  params: ({ context: { workerId } }: Facts): Tell => ({
    to: 'pool',
    id: 0,
    event: { type: 'worker.idled', workerId },
  }),
} as const;

/** It is to be replaced, and goes on until then. */
export const wearOut = [
  { type: 'noteWear', params: { wear: 'worn' } },
  {
    type: 'tell',
    params: ({ context: { workerId } }: Facts): Tell => ({
      to: 'pool',
      id: 0,
      event: { type: 'worker.worn', workerId },
    }),
  },
] as const;
export const noteReplaced = { type: 'noteWear', params: { wear: 'replaced' } } as const;

const forTask = ({ event }: { event: WorkerEvent }): { taskId: TaskId } => ({ taskId: taskOf(event) });
export const askToDrop = [
  { type: 'noteAskedBack', params: forTask },
  { type: 'writeCancel', params: forTask },
] as const;
export const askToReturn = [
  { type: 'noteAskedBack', params: forTask },
  { type: 'writeRecall', params: forTask },
] as const;
export const noteStart = [{ type: 'noteStart', params: forTask }, tellTask] as const;
export const release = [
  { type: 'release', params: forTask },
  { type: 'freeSlot', params: forTask },
  tellTask,
] as const;
export const park = [
  { type: 'notePark', params: forTask },
  { type: 'parkSlot', params: forTask },
] as const;
export const resume = [
  { type: 'noteResume', params: forTask },
  { type: 'retakeSlot', params: forTask },
] as const;
/**
 * Announcements may be lost in what can no longer be read: whatever it was handed may have begun, and is not
 * run again unless its retries say so.
 */
export const doubt = [
  { type: 'startTasks', params: ({ context }: Facts) => ({ taskIds: context.handed }) },
  'noteAllStarted',
] as const;
export const releaseLast = [
  ...release,
  {
    type: 'blame',
    params: ({ context }: Facts): { end: WorkerEnd } => ({
      end: context.wear === 'replaced' ? 'recycled' : 'stopped',
    }),
  },
] as const;
export const take = [
  { type: 'hand', params: forTask },
  {
    type: 'writeRun',
    params: ({ event }: { event: WorkerEvent }) => ({
      taskId: taskOf(event),
      attempt: event.type === 'task.assigned' ? event.attempt : 0,
    }),
  },
] as const;
/** It was said to be silent, and is not. */
export const recover = ['noteAnswer', 'reportResponsive'] as const;
export const stop = {
  target: '#worker.leaving',
  actions: { type: 'blame', params: { end: 'stopped' } },
} as const;
export const makeWay = {
  target: '#worker.leaving',
  actions: { type: 'blame', params: { end: 'recycled' } },
} as const;
/** It has not begun to serve, and cannot be asked yet. */
export const giveUp = {
  target: '#worker.leaving.killing',
  actions: { type: 'blame', params: { end: 'stopped' } },
} as const;
export const breakProtocol = {
  target: '#worker.leaving.killing',
  actions: [
    {
      type: 'reportProtocolError',
      params: ({ event }: { event: WorkerEvent }) => ({ event: event.type, taskId: taskOf(event) }),
    },
    { type: 'blame', params: { end: 'protocolBroken' } },
  ],
} as const;
