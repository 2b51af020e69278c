/**
 * What `node` runs in a child: connects the channel, then does what the parent asks until one of them is
 * gone.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import type { NestedPools, NestedPort } from '../codec/nested-port.ts';
import { messageHeader } from '../codec/codec.ts';
import { channelOver } from '../transport/channel.ts';
import { openLeasePort } from '../transport/lease-port.ts';
import { channelDescriptor } from './channel-descriptor.ts';
import { realChild } from './child-ports.ts';
import { useCompileCache } from './compile-cache.ts';
import { ChildInterpreter } from './interpreter.ts';

const channel = channelOver(channelDescriptor, {
  onFrame: (header, binaries) => interpreter.receive(header, binaries),
  // Bytes of ours that are no frames: there is nobody left to talk to.
  onCorrupt: () => realChild.exit(1),
  onClosed: () => interpreter.post({ type: 'channel.closed' }),
});
const leases = openLeasePort((request) => channel.send(messageHeader(request)));
const interpreter = new ChildInterpreter(channel, {
  ...realChild,
  nestedPools,
  onLease: (answer) => leases.listener?.(answer),
});

/** Most children never need it, and it is half of the library; a task that asks cannot wait. */
function nestedPools(port: NestedPort): NestedPools {
  const [extension = ''] = /[^.]*$/u.exec(import.meta.url) ?? [];
  // What a task imports as `troupe` is of the same files.
  const place = extension === 'cjs' ? '../bundle/nested-pool.cjs' : `../api/nested-pool.${extension}`;
  const loaded: unknown = createRequire(import.meta.url)(place);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what that module exports
  return (loaded as { openNestedPools(port: NestedPort): NestedPools }).openNestedPools(port);
}

/**
 * Like Node's own end of a process, but the parent is told what it was. A handler of the user's takes
 * precedence.
 */
process.on('uncaughtException', function onUncaught(error: unknown) {
  if (process.listeners('uncaughtException').some((listener) => listener !== onUncaught)) return;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  interpreter.reportUncaught(error, () => realChild.exit(1));
});

interpreter.post({ type: 'boot.finished' });
// When the hello is out, and while the parent answers.
setImmediate(() => {
  useCompileCache();
  // Node starts its loader of ES modules at the first import(): half of what a small module takes. This one
  // has no getters that load more of Node.
  void import('node:path');
});
