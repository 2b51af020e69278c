/** What a child says about itself, and what that means for its worker's machine. */
import { type HelloMessage, PROTOCOL_VERSION, type UpMessage } from '../../machines/protocol.ts';
import type { WorkerEvent } from '../../machines/worker/machine.ts';
import { ProtocolError } from '../errors.ts';
import type { LeaseRequest } from '../transport/lease-port.ts';
import type { WorkerPulse } from './worker-pulse.ts';
import type { TaskMessage } from './task-reports.ts';

/** Messages that are not about one task. */
export type RareMessage = Exclude<UpMessage, TaskMessage>;

/** Where what it reports is kept. */
interface Reporter {
  readonly workerId: number;
  /** What `initialize` threw, or what ended the child from outside any task. */
  reportedError: unknown;
  readonly pulse: WorkerPulse;
}

/** An error if the message is none that a child of this version sends. */
export function takeRareReport(
  reporter: Reporter,
  message: RareMessage,
  nowMs: number,
  onLease: (request: LeaseRequest) => ProtocolError | null,
): WorkerEvent | ProtocolError | null {
  switch (message[0]) {
    case 'hello':
      return greeting(reporter.workerId, message[1]);
    case 'ready':
      return { type: 'child.initialized' };
    case 'initializeFailed':
      reporter.reportedError = message[1];
      return { type: 'child.initializeFailed' };
    case 'uncaught':
      reporter.reportedError = message[1];
      return null;
    case 'pong':
      reporter.pulse.answer(nowMs);
      return { type: 'child.answered' };
    case 'pulse':
      return takePulse(reporter, message, nowMs);
    case 'lease':
    case 'unlease':
      return onLease(message);
    case 'memory':
      if (Number.isFinite(message[1])) return { type: 'memory.measured', rssBytes: message[1] };
      return new ProtocolError(`Worker ${reporter.workerId} holds ${String(message[1])} bytes of memory.`);
    default:
      return new ProtocolError(`Worker ${reporter.workerId} sent a message of an unknown kind.`);
  }
}

function takePulse(
  { workerId, pulse }: Reporter,
  [, lagMs, rssBytes, cpuMicros]: Extract<UpMessage, ['pulse', ...unknown[]]>,
  atMs: number,
): ProtocolError | null {
  if (![lagMs, rssBytes, cpuMicros].every((fact) => Number.isFinite(fact) && fact >= 0))
    return new ProtocolError(`Worker ${workerId} reported something about itself that is no number.`);
  pulse.last = { lagMs, rssBytes, cpuMs: cpuMicros / 1_000, atMs };
  return null;
}

function greeting(workerId: number, hello: HelloMessage): WorkerEvent | ProtocolError {
  if (hello?.protocol === PROTOCOL_VERSION) return { type: 'child.greeted' };
  return new ProtocolError(
    `Worker ${workerId} speaks protocol ${String(hello?.protocol)}, this process ` +
      `${PROTOCOL_VERSION}: two versions of troupe are installed over each other. ` +
      'Reinstall, and restart this process.',
  );
}
