/** Tasks run in child processes of this process. */
import process from 'node:process';
import type { EncodedCall } from '../codec/call.ts';
import { mainScriptUrl, mainScriptVariable } from '../codec/reference/main-script.ts';
import { childEntry } from '../parent/child-entry.ts';
import { filesLoadedBy, inheritedExecArguments } from '../parent/exec-arguments.ts';
import type { TaskSettings } from '../parent/ledger.ts';
import type { HostPorts } from '../parent/host-ports.ts';
import { type ChildPermissions, permissionArguments } from '../parent/permission-arguments.ts';
import type { RecycleLimits } from '../parent/pool-parts.ts';
import { PoolSystem } from '../parent/pool-system.ts';
import type { Engine } from './engine.ts';

export interface LocalEngineOptions {
  readonly poolId: string;
  readonly name: string;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly concurrency: number;
  readonly maxQueue: number;
  readonly maxQueueBytes: number;
  readonly idleTimeoutMs: number;
  readonly startTimeoutMs: number;
  readonly killGraceMs: number;
  readonly unresponsiveAfterMs: number;
  readonly unresponsive: 'report' | 'kill';
  readonly recycle: RecycleLimits;
  readonly restarts: { readonly max: number; readonly withinMs: number };
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd: string | undefined;
  readonly execArgv: readonly string[] | undefined;
  /** Node's permission model with these grants, instead of the parent's. */
  readonly permissions: ChildPermissions | undefined;
  readonly limitFlags: readonly string[];
  readonly stdio: 'inherit' | 'capture' | 'ignore';
  /** How deep the children are nested. */
  readonly depth: number;
  readonly initialize: EncodedCall | null;
  /** What its tasks get that ask for nothing. */
  readonly task: TaskSettings;
  /** How many processes can compute at a time, asked anew when it matters. */
  readonly cpus: () => number;
}

/** Tells a child how many pools are above it. */
export const depthVariable = 'TROUPE_DEPTH';

export function createLocalEngine(options: LocalEngineOptions, ports: HostPorts): Engine {
  const { concurrency, depth, poolId, recycle } = options;
  const system = {
    ...options,
    spec: {
      entry: childEntry,
      execArguments: execArguments(options),
      args: [],
      env: {
        ...(options.env ?? process.env),
        [depthVariable]: String(depth),
        [mainScriptVariable]: mainScriptUrl() ?? '',
      },
      cwd: options.cwd,
      stdio: options.stdio,
    },
    init: {
      pool: poolId,
      concurrency,
      depth,
      capture: options.stdio === 'capture',
      reportsMemory: Number.isFinite(Math.min(recycle.rssBytes, recycle.rssGrowthBytes)),
    },
  };
  return new PoolSystem(system, ports);
}

function execArguments({ execArgv, permissions, limitFlags }: LocalEngineOptions): string[] {
  const inherited = inheritedExecArguments(process.execArgv, permissions === undefined);
  const flags = [...(execArgv ?? inherited), ...limitFlags];
  if (permissions === undefined) return flags;
  const loaded = execArgv === undefined ? filesLoadedBy(inherited) : [];
  return [...flags, ...permissionArguments(permissions, loaded)];
}
