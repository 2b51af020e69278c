/** Who takes part, and how each is set up. The adapters lie in `contenders/`, one file each of that name. */

/**
 * `kind` is what a pool's workers are, or `floor` for what is no pool and restarts nothing. A floor takes
 * part where a measurement names it. The page prints `setup` and, for pools, `bytes`.
 */
export const contenders = [
  {
    name: 'troupe',
    kind: 'process',
    setup: '`createPool({ maxWorkers })`, imported functions',
    bytes: 'out of band, beside the frame',
  },
  {
    name: 'tinypool',
    kind: 'process',
    setup: "`runtime: 'child_process'`, Node's IPC channel with JSON",
    bytes: "`serialization: 'advanced'`",
  },
  {
    name: 'jest-worker',
    kind: 'process',
    setup: "child processes, Node's IPC channel with its default `serialization: 'advanced'`",
    bytes: "`serialization: 'advanced'` (its default)",
  },
  {
    name: 'workerpool',
    kind: 'process',
    setup: "`workerType: 'process'`, Node's IPC channel with JSON",
    bytes: "`forkOpts: { serialization: 'advanced' }`",
  },
  {
    name: 'poolifier',
    kind: 'process',
    setup: "`FixedClusterPool` without a task queue (its default), Node's IPC channel with JSON",
    bytes: "`settings: { serialization: 'advanced' }`",
  },
  {
    name: 'worker-farm',
    kind: 'process',
    setup: "child processes, ten calls at a time each (its default), Node's IPC channel with JSON",
    bytes: "`workerOptions: { serialization: 'advanced' }`",
  },
  {
    name: 'piscina',
    kind: 'thread',
    setup: 'its defaults',
    bytes: 'structured clone, a copy',
  },
  {
    name: 'tinypool-threads',
    package: 'tinypool',
    kind: 'thread',
    setup: "`runtime: 'worker_threads'`",
    bytes: 'structured clone, a copy',
  },
  {
    name: 'jest-worker-threads',
    package: 'jest-worker',
    kind: 'thread',
    setup: '`enableWorkerThreads: true`',
    bytes: 'structured clone, a copy',
  },
  {
    name: 'socketpair',
    kind: 'floor',
    setup: 'length-prefixed frames over an extra stdio pipe, one write per message, 256 KiB per read',
  },
  {
    name: 'socketpair-batched',
    kind: 'floor',
    setup: 'the same, all messages of one turn in one write',
  },
  {
    name: 'fork',
    kind: 'floor',
    setup: "`child_process.fork` and its `send`: JSON, and `serialization: 'advanced'` for binary data",
  },
  { name: 'memcpy', kind: 'floor', setup: 'one copy of the bytes into memory that is there already' },
  { name: 'bare-node', kind: 'floor', setup: '`node -e 0`, from start to end' },
  { name: 'alone', kind: 'floor', setup: 'one process that does all the work itself' },
  {
    name: 'split',
    kind: 'floor',
    setup: 'two processes, each told in one message to do every other piece of the work',
  },
];
