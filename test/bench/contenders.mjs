/** Who takes part, and how each is set up. The adapters lie in `contenders/`, one file each of that name. */

/** `isPool: false` marks a floor, not a rival: it restarts nothing. The page prints `setup` and `bytes`. */
export const contenders = [
  {
    name: 'troupe',
    isPool: true,
    setup: '`createPool({ maxWorkers })`, imported functions',
    bytes: 'out of band, beside the frame',
  },
  {
    name: 'tinypool',
    isPool: true,
    setup: "`runtime: 'child_process'`, Node's IPC channel with JSON",
    bytes: "`serialization: 'advanced'`",
  },
  {
    name: 'jest-worker',
    isPool: true,
    setup: "child processes, Node's IPC channel with its default `serialization: 'advanced'`",
    bytes: "`serialization: 'advanced'` (its default)",
  },
  {
    name: 'workerpool',
    isPool: true,
    setup: "`workerType: 'process'`, Node's IPC channel with JSON",
    bytes: "`forkOpts: { serialization: 'advanced' }`",
  },
  {
    name: 'poolifier',
    isPool: true,
    setup: "`FixedClusterPool` without a task queue (its default), Node's IPC channel with JSON",
    bytes: "`settings: { serialization: 'advanced' }`",
  },
  {
    name: 'socketpair',
    isPool: false,
    setup: 'no pool: length-prefixed frames on an extra stdio pipe, one write per message',
    bytes: 'raw bytes in a frame',
  },
  {
    name: 'socketpair-batched',
    isPool: false,
    setup: 'no pool: the same frames, all messages of one turn in one write',
    bytes: 'raw bytes in a frame',
  },
];
