/** What a child says its tasks wrote: believed only for a task that its worker has, and for none. */
import { noTask, type UpMessage } from '../../machines/protocol.ts';
import { ProtocolError } from '../errors.ts';
import type { HostPorts } from './host-ports.ts';
import type { LinkHost } from './link-contract.ts';
import type { WorkerLink } from './worker-link.ts';
import { WorkerOutput } from './worker-output.ts';

export function createOutput(link: WorkerLink, host: LinkHost, ports: HostPorts): WorkerOutput {
  return new WorkerOutput({
    onLine: (stream, line, taskId) => host.onOutput(link, stream, line, taskId),
    running: () => host.runningIn(link.workerId),
    soon: (callback) => ports.soon(callback),
  });
}

/** An error if the message is none that a child of this version sends. */
export function takeOutput(
  output: WorkerOutput,
  [, taskId, attempt, stream, text]: Extract<UpMessage, ['output', ...unknown[]]>,
  link: WorkerLink,
  host: LinkHost,
): ProtocolError | null {
  if (typeof text !== 'string' || (stream !== 1 && stream !== 2))
    return new ProtocolError(`Worker ${link.workerId} sent output that is no text of stdout or stderr.`);
  if (taskId !== noTask && host.findTask(link.workerId, taskId, attempt) === undefined) {
    return new ProtocolError(
      `Worker ${link.workerId} sent output of task ${String(taskId)}, attempt ${String(attempt)}, ` +
        'which it does not have.',
    );
  }
  // It belongs to the end of stderr that errors show.
  if (stream === 2) link.noteStderr(text);
  output.takeText(taskId, stream === 1 ? 'stdout' : 'stderr', text);
  return null;
}
