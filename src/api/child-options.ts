/** The options that say how children are started: environment, folder, flags, permissions, limits. */
import process from 'node:process';
import { InvalidOptionError } from '../errors.ts';
import { flagsAmong } from './node-flags.ts';
import { type Check, type Checks, stringList, stringMap, text } from './option-checks.ts';
import {
  checkPermissionConflicts,
  permissionCheck,
  type PermissionOptions,
  resolvePermissions,
  type ResolvedPermissions,
} from './permissions.ts';
import {
  checkLimitConflicts,
  type ResourceLimits,
  resourceLimitFlags,
  resourceLimitsCheck,
} from './resource-limits.ts';

/** The part of `PoolOptions` that is about processes. */
export interface ChildOptions {
  /** All variables of the children, not additions: `{ ...process.env, MINE: '1' }`. Default the parent's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** The working directory of the children. Default the parent's. Not empty. */
  readonly cwd?: string | undefined;
  /** Node's own flags for the children. Default those of the parent that make sense in a child. */
  readonly execArgv?: readonly string[] | undefined;
  /**
   * What tasks may do: children run with Node's permission model, and what is not granted is denied. Default
   * the parent's own permissions.
   */
  readonly permissions?: PermissionOptions | undefined;
  /** How much memory and stack JavaScript has in each child. Default V8's own limits. */
  readonly resourceLimits?: ResourceLimits | undefined;
}

/** `ChildOptions` with limits as flags; `undefined` stays for "the parent's own". */
export interface ResolvedChildOptions {
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd: string | undefined;
  readonly execArgv: readonly string[] | undefined;
  readonly permissions: ResolvedPermissions | undefined;
  readonly limitFlags: readonly string[];
}

/** With these Node does something other than to run the script that it is given. */
const otherPurposes: ReadonlySet<string> = new Set([
  '-',
  '--',
  '-c',
  '--check',
  '--completion-bash',
  '-e',
  '--eval',
  '-h',
  '--help',
  '-i',
  '--interactive',
  '--input-type',
  '-p',
  '-pe',
  '--print',
  '--prof-process',
  '--run',
  '--test',
  '-v',
  '--v8-options',
  '--version',
  '--watch',
]);

const refusedByProcesses = (value: unknown): boolean => typeof value === 'string' && value.includes('\0');

const environment: Check = {
  ...stringMap,
  lookInside: (value, { where, path }) => {
    const variables: [string, unknown][] = Object.entries(Object(value));
    for (const [name, item] of variables) {
      if (!refusedByProcesses(item) && !refusedByProcesses(name)) continue;
      throw new InvalidOptionError(
        `${path}.${name}`,
        `${where}: the option \`${path}\` has a zero byte in ${JSON.stringify(name)}. The environment of a ` +
          'process cannot hold one.',
      );
    }
  },
};

const nodeFlags: Check = {
  ...stringList,
  lookInside: (value, { where, path }) => {
    const given = Array.isArray(value) ? value.map(String) : [];
    const [other] = flagsAmong(given, otherPurposes);
    const broken = given.findIndex((item) => item === '' || refusedByProcesses(item));
    if (other !== undefined) {
      throw new InvalidOptionError(
        path,
        `${where}: the option \`${path}\` has ${other}, with which Node does something other than to run a ` +
          'worker. Leave it out.',
      );
    }
    if (broken === -1) return;
    throw new InvalidOptionError(
      `${path}[${broken}]`,
      `${where}: the option \`${path}[${broken}]\` is no flag: it is empty, or has a zero byte in it.`,
    );
  },
};

const folder: Check = {
  allowed: `${text.allowed} and has no zero byte`,
  accepts: (value) => text.accepts(value) && !refusedByProcesses(String(value)),
};

export const childChecks: Checks = {
  env: environment,
  cwd: folder,
  execArgv: nodeFlags,
  permissions: permissionCheck,
  resourceLimits: resourceLimitsCheck,
};

/** Options that passed their checks; throws for those that contradict each other. */
export function resolveChildOptions(options: ChildOptions, where: string): ResolvedChildOptions {
  const { env, cwd, execArgv, permissions, resourceLimits = {} } = options;
  const effective = env ?? process.env;
  if (permissions !== undefined) checkPermissionConflicts(execArgv ?? [], effective, where);
  checkLimitConflicts(resourceLimits, execArgv ?? [], effective, where);
  return {
    // Copies: what the caller does to the objects later must not reach workers that start later.
    env: env && { ...env },
    cwd,
    execArgv: execArgv && [...execArgv],
    permissions: permissions && resolvePermissions(permissions),
    limitFlags: resourceLimitFlags(resourceLimits),
  };
}
