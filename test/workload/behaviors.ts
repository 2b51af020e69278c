/** What each function of the workload takes, and how it may end by itself, whatever else happens. */
import type { Call, FunctionName } from './call.ts';
import { bytesOf, checksumOf, nodesOf } from './tasks.mjs';

export interface Behavior {
  /** What it is called with after its token. */
  readonly args?: (call: Call) => readonly unknown[];
  /** What it returns besides its token; `null`: it never returns. */
  readonly returns: ((call: Call) => Readonly<Record<string, unknown>>) | null;
  /** The code of the error it ends with, or `'own'` for the one it throws itself. */
  readonly fails?: 'own' | 'ERR_TROUPE_NOT_SERIALIZABLE';
  /** The error is known at the call, before there is a task. */
  readonly isRefused?: boolean;
  /** It may end its own process while it runs. */
  readonly dies?: boolean;
  /** What it submits itself may fail, and then it does. */
  readonly dependsOnOthers?: boolean;
  /** Its process may be ended when other tasks run in it. */
  readonly harmsOthers?: boolean;
}

const nothing = (): Readonly<Record<string, unknown>> => ({});
const ownSize = ({ size }: Call): readonly unknown[] => [size];

export const behaviors: Readonly<Record<FunctionName, Behavior>> = {
  echoes: { args: ownSize, returns: ({ size }) => ({ value: size }) },
  adds: { args: ({ size }) => [size, 7], returns: ({ size }) => ({ sum: size + 7 }) },
  throws: { returns: null, fails: 'own' },
  throwsUntil: { args: ownSize, returns: nothing, fails: 'own' },
  fills: {
    args: ownSize,
    returns({ token, size }) {
      const bytes = bytesOf(token, size);
      return { bytes, checksum: checksumOf(bytes) };
    },
  },
  sums: {
    args: ({ token, size }) => [bytesOf(token, size)],
    returns: ({ token, size }) => ({ checksum: checksumOf(bytesOf(token, size)), size }),
  },
  waits: { args: ownSize, returns: nothing },
  waitsForAbort: { returns: null },
  ignoresAbort: { returns: null, harmsOthers: true },
  spins: { args: ownSize, returns: nothing },
  reports: { args: ownSize, returns: nothing },
  exits: { args: ownSize, returns: null, dies: true },
  diesOfKill: { returns: null, dies: true },
  diesOfTerm: { returns: null, dies: true },
  stopsItself: { returns: nothing, dies: true },
  leaksRejection: { returns: nothing, dies: true, harmsOthers: true },
  // Whether it blocks for too long is up to the pool.
  blocks: { args: ownSize, returns: nothing, dies: true },
  nests: {
    args: ownSize,
    returns: ({ token, size }) => ({ nodes: nodesOf(token, size) }),
    dependsOnOthers: true,
  },
  returnsUnsendable: { returns: null, fails: 'ERR_TROUPE_NOT_SERIALIZABLE' },
  takesUnsendable: {
    args: () => [new WeakRef({})],
    returns: null,
    fails: 'ERR_TROUPE_NOT_SERIALIZABLE',
    isRefused: true,
  },
  isNotThere: { returns: null, fails: 'ERR_TROUPE_NOT_SERIALIZABLE' },
};

/** The name of the export to call. */
export const exportOf = ({ fn }: Call): string => (fn === 'takesUnsendable' ? 'echoes' : fn);

/** Whether a call returned what it should have: its own token, and everything that belongs to it. */
export function isOwnResult(call: Call, value: unknown): boolean {
  const { returns } = behaviors[call.fn];
  if (returns === null || typeof value !== 'object' || value === null) return false;
  const expected = { token: call.token, ...returns(call) };
  const isSame = ([name, wanted]: [string, unknown]): boolean => {
    const got: unknown = Reflect.get(value, name);
    if (!(wanted instanceof Uint8Array)) return got === wanted;
    return got instanceof Uint8Array && Buffer.compare(wanted, got) === 0;
  };
  return Object.keys(value).length === Object.keys(expected).length && Object.entries(expected).every(isSame);
}
