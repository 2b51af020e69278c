/** The option `permissions`: what children may do, as flags of Node's permission model. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { InvalidOptionError } from '../errors.ts';
import { flagsAmong, wordsOf } from './node-flags.ts';
import { type Check, type Checks, flag, nested, type OptionPlace } from './option-checks.ts';

/**
 * What tasks may do; everything that is not granted is denied. It is Node's permission model, a seat belt for
 * code you trust. It does not hold back code that wants out.
 */
export interface PermissionOptions {
  /**
   * Files and folders that may be read, with all that is in them; relative ones are taken from the parent's
   * working directory, and a last `*` stands for the rest of the path. `'*'` is everything. Default none,
   * but for what troupe itself needs. The modules of your functions belong here.
   */
  readonly fsRead?: readonly (string | URL)[] | '*' | undefined;
  /** Files and folders that may be written, in the same way. Default none. */
  readonly fsWrite?: readonly (string | URL)[] | '*' | undefined;
  /** Other processes may be started, with all that those may do. Default `false`. */
  readonly childProcess?: boolean | undefined;
  /** Worker threads may be started. Default `false`. */
  readonly worker?: boolean | undefined;
  /** Native add-ons may be loaded, which nothing holds back. Default `false`. */
  readonly addons?: boolean | undefined;
  /** WASI may be used. Default `false`. */
  readonly wasi?: boolean | undefined;
  /** The network may be used. Default `false`. Only where Node guards it, from version 25 on. */
  readonly net?: boolean | undefined;
  /** V8's inspector may be used. Default `false`. Only where Node has the flag for it, from version 24 on. */
  readonly inspector?: boolean | undefined;
}

const grantFlags = {
  childProcess: '--allow-child-process',
  worker: '--allow-worker',
  addons: '--allow-addons',
  wasi: '--allow-wasi',
  net: '--allow-net',
  inspector: '--allow-inspector',
} as const;

const grantNames = ['childProcess', 'worker', 'addons', 'wasi', 'net', 'inspector'] as const;

/** Flags that would grant what `permissions` does not, or switch the model itself. */
const permissionFlagNames: ReadonlySet<string> = new Set([
  ...Object.values(grantFlags),
  '--allow-ffi',
  '--allow-fs-read',
  '--allow-fs-vfs',
  '--allow-fs-write',
  '--allow-openssl-store',
  '--experimental-permission',
  '--no-experimental-permission',
  '--no-permission',
  '--permission',
  '--permission-audit',
]);

/** The paths in full, and everything else as flags of the running version. */
export interface ResolvedPermissions {
  readonly flags: readonly string[];
  readonly fsRead: readonly string[];
  readonly fsWrite: readonly string[];
}

/** Options that passed their checks. `known` are the flags that Node has. */
export function resolvePermissions(
  options: PermissionOptions,
  known: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): ResolvedPermissions {
  const mode = known.has('--permission') ? '--permission' : '--experimental-permission';
  const grants = grantNames.filter((name) => options[name] === true);
  return {
    flags: [mode, ...grants.map((name) => grantFlags[name])],
    fsRead: pathsOf(options.fsRead ?? []),
    fsWrite: pathsOf(options.fsWrite ?? []),
  };
}

/** Refuses what would make the permissions other than they say. */
export function checkPermissionConflicts(
  execArgv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  where: string,
): void {
  const [flagGiven] = flagsAmong(execArgv, permissionFlagNames);
  if (flagGiven !== undefined) {
    throw new InvalidOptionError(
      'execArgv',
      `${where}: the option \`execArgv\` has ${flagGiven}, and \`permissions\` is given too, which becomes ` +
        'flags of this kind. Leave one out.',
    );
  }
  const granting = flagsAmong(wordsOf(env['NODE_OPTIONS']), permissionFlagNames);
  const granted = granting.find((argument) => !/^--(?:experimental[-_])?permission$/u.test(argument));
  if (granted === undefined) return;
  throw new InvalidOptionError(
    'permissions',
    `${where}: the variable NODE_OPTIONS of the children has ${granted}, which would count beside ` +
      '`permissions`. Take it out there: `env: { ...process.env, NODE_OPTIONS: undefined }`.',
  );
}

/** Two ways to each file: Node asks for the path as it was given, and for where modules really are. */
function pathsOf(given: readonly (string | URL)[] | '*'): string[] {
  if (given === '*') return ['*'];
  return [...new Set(given.flatMap((item) => waysTo(item)))];
}

function waysTo(item: string | URL): string[] {
  const text = asPath(item);
  const granted = path.resolve(text);
  // Node takes a folder for one only when it is there; one that is to be made is written with a slash. The
  // pattern has to stand alone: once there is a folder of that name, Node 20 aborts when it gets both.
  const isFolderToCome = /[/\\]$/u.test(text) && !existsSync(granted);
  return isFolderToCome ? [path.join(granted, '*')] : [granted, ...realPathOf(granted)];
}

function asPath(item: string | URL): string {
  return item instanceof URL || item.startsWith('file:') ? fileURLToPath(item) : item;
}

function realPathOf(granted: string): string[] {
  try {
    return [realpathSync(granted)];
  } catch {
    return [];
  }
}

const paths: Check = {
  allowed: "'*' for everything, or an array of paths and file URLs",
  accepts: (value) => value === '*' || Array.isArray(value),
  lookInside: (value, place) => {
    if (Array.isArray(value)) value.forEach((item: unknown, index) => checkPath(item, index, place));
  },
};

function checkPath(item: unknown, index: number, place: OptionPlace): void {
  const refuse = (problem: string): InvalidOptionError =>
    new InvalidOptionError(
      `${place.path}[${index}]`,
      `${place.where}: the option \`${place.path}[${index}]\` ${problem}`,
    );
  if (item === '*') {
    throw refuse(`is '*'. For everything write \`${place.path}: '*'\`, for the working directory '.'.`);
  }
  if (typeof item !== 'string' && !(item instanceof URL)) {
    throw refuse(`is of type ${typeof item}, but it must be a path or a file URL.`);
  }
  try {
    if (asPath(item) !== '' && !asPath(item).includes('\0')) return;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw refuse(`is ${String(item)}, but it must be a path or a file URL. ${why}`);
  }
  throw refuse('is no path: it is empty, or has a zero byte in it.');
}

function knownGrant(name: keyof typeof grantFlags): Check {
  return {
    ...flag,
    lookInside: (_value, { where, path: at }) => {
      if (process.allowedNodeEnvironmentFlags.has(grantFlags[name])) return;
      throw new InvalidOptionError(at, `${where}: the option \`${at}\` ${unguarded(name)}`);
    },
  };
}

function unguarded(name: keyof typeof grantFlags): string {
  const meaning =
    name === 'inspector'
      ? 'With `permissions` it denies the inspector always. Leave it out, or use Node 24 or later.'
      : 'Tasks may use it whatever is written here. Leave it out, or use Node 25 or later.';
  return `is not known to Node ${process.version}, which has no flag ${grantFlags[name]}. ${meaning}`;
}

const insideChecks = nested({
  fsRead: paths,
  fsWrite: paths,
  childProcess: knownGrant('childProcess'),
  worker: knownGrant('worker'),
  addons: knownGrant('addons'),
  wasi: knownGrant('wasi'),
  net: knownGrant('net'),
  inspector: knownGrant('inspector'),
} satisfies Checks);

export const permissionCheck: Check = {
  ...insideChecks,
  lookInside: (value, place) => {
    const known = process.allowedNodeEnvironmentFlags;
    if (!known.has('--permission') && !known.has('--experimental-permission')) {
      throw new InvalidOptionError(
        place.path,
        `${place.where}: the option \`${place.path}\` needs Node's permission model, which this runtime ` +
          `(${process.version}) does not have. Leave it out.`,
      );
    }
    insideChecks.lookInside?.(value, place);
  },
};
