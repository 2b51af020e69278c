/** The options `permissions` and `resourceLimits`: which flags they become, and what is refused. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type PoolOptions, resolvePoolOptions } from '../../src/api/options.ts';
import { resolvePermissions } from '../../src/api/permissions.ts';
import { checkStackFits, largestStackMb } from '../../src/api/resource-limits.ts';
import { missingGrant, withMissingGrant } from '../../src/child/access-denied.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { childEntry } from '../../src/parent/child-entry.ts';
import { filesLoadedBy, inheritedExecArguments } from '../../src/parent/exec-arguments.ts';
import { ownFiles } from '../../src/parent/own-files.ts';
import { outermost, permissionArguments } from '../../src/parent/permission-arguments.ts';
import { openFolder } from '../helpers/open-pool.ts';

function refusal(options: unknown): InvalidOptionError {
  try {
    resolvePoolOptions(options as PoolOptions);
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const flagsOfToday = new Set(['--permission', '--allow-net']);
const readPaths = (...fsRead: (string | URL)[]): readonly string[] => resolvePermissions({ fsRead }).fsRead;

describe('permissions', () => {
  test('the flag that switches it on is the one this Node has', () => {
    expect(resolvePermissions({}, flagsOfToday).flags).toEqual(['--permission']);
    expect(resolvePermissions({}, new Set()).flags).toEqual(['--experimental-permission']);
  });

  test('grants become flags; what is false or not given does not', () => {
    const options = { childProcess: true, worker: true, addons: false, wasi: true, net: undefined };
    const flags = ['--permission', '--allow-child-process', '--allow-worker', '--allow-wasi'];
    expect(resolvePermissions(options, flagsOfToday)).toEqual({ flags, fsRead: [], fsWrite: [] });
  });

  test('paths are made full: relative ones, URLs, text that is a URL', () => {
    const url = pathToFileURL(resolve('test/a b'));
    const full = resolve('test/a b');
    expect(readPaths('test/a b', url, url.href, './test/../test/a b')).toEqual([full]);
    expect(resolvePermissions({ fsRead: '*', fsWrite: ['x*'] })).toMatchObject({
      fsRead: ['*'],
      fsWrite: [resolve('x*')],
    });
  });

  test('a link is followed, and a folder that is not there yet becomes a pattern', () => {
    const folder = openFolder();
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(readPaths(join(folder, 'link'))).toEqual([join(folder, 'link'), join(folder, 'real')]);
    expect(readPaths(join(folder, 'real') + sep)).toEqual([join(folder, 'real')]);
    expect(readPaths(join(folder, 'to-come') + sep)).toEqual([join(folder, 'to-come', '*')]);
    expect(readPaths(join(folder, 'to-come'))).toEqual([join(folder, 'to-come')]);
  });

  test.each([
    [true, 'permissions', 'an object of options'],
    [{ fsRed: [] }, 'permissions.fsRed', 'Did you mean `permissions.fsRead`?'],
    [{ fsRead: '/tmp' }, 'permissions.fsRead', "'*' for everything, or an array of paths"],
    [{ fsWrite: ['a', '*'] }, 'permissions.fsWrite[1]', "write `permissions.fsWrite: '*'`"],
    [{ fsRead: [1] }, 'permissions.fsRead[0]', 'of type number'],
    [{ fsRead: [''] }, 'permissions.fsRead[0]', 'it is empty'],
    [{ fsRead: ['a\0b'] }, 'permissions.fsRead[0]', 'zero byte'],
    [{ fsRead: [new URL('https://a/b')] }, 'permissions.fsRead[0]', 'https://a/b, but it must be a path'],
    [{ childProcess: 'yes' }, 'permissions.childProcess', 'true or false'],
  ])('%j is refused', (permissions, option, hint) => {
    const error = refusal({ permissions });
    expect(error.option).toBe(option);
    expect(error.message).toContain(hint);
  });

  test('a grant that this Node has no flag for is refused, whatever its value', () => {
    const has = (flag: string): boolean => process.allowedNodeEnvironmentFlags.has(flag);
    for (const [name, flag] of [
      ['net', '--allow-net'],
      ['inspector', '--allow-inspector'],
    ] as const) {
      for (const value of [true, false]) {
        const options = { permissions: { [name]: value } };
        if (has(flag)) expect(resolvePoolOptions(options).permissions).toBeDefined();
        else expect(refusal(options).message).toContain(`not known to Node ${process.version}, which has no`);
      }
    }
  });

  test('flags beside it that would change what it says are refused', () => {
    const permissions = {};
    expect(refusal({ permissions, execArgv: ['--allow_worker'] }).option).toBe('execArgv');
    expect(refusal({ permissions, execArgv: ['--permission-audit'] }).option).toBe('execArgv');
    const error = refusal({ permissions, env: { NODE_OPTIONS: '--no-warnings  --allow-fs-read=/' } });
    expect(error.option).toBe('permissions');
    expect(error.message).toContain('NODE_OPTIONS of the children has --allow-fs-read=/');
    const harmless = { permissions, execArgv: ['--expose-gc'], env: { NODE_OPTIONS: '--permission' } };
    expect(resolvePoolOptions(harmless).permissions).toBeDefined();
    expect(resolvePoolOptions({ execArgv: ['--permission'] }).execArgv).toEqual(['--permission']);
  });
});

describe('what a child is started with', () => {
  test('it reads its own code, its dependencies and what was loaded for it', () => {
    const given = { flags: ['--permission'], fsRead: ['/a'], fsWrite: ['/b'] };
    const args = permissionArguments(given, ['/loaded.cjs']);
    expect(args.slice(0, 2)).toEqual(['--permission', '--allow-fs-read=/a']);
    expect(args).toContain('--allow-fs-read=/loaded.cjs');
    expect(args.at(-1)).toBe('--allow-fs-write=/b');
    const own = ownFiles();
    expect(own.some((path) => childEntry.startsWith(path + sep))).toBe(true);
    for (const name of ['superjson', 'copy-anything', 'xstate']) {
      expect(own.some((path) => path.endsWith(join('node_modules', name)))).toBe(true);
    }
    expect(own.some((path) => path.endsWith('vitest'))).toBe(false);
  });

  test('what is inside something granted is left out', () => {
    expect(outermost(['/a/b', '/a', '/ab', '/a', '/c/d'])).toEqual(['/a', '/ab', '/c/d']);
    expect(outermost(['/a', '/abc/d', '/a*'])).toEqual(['/a*']);
    expect(outermost(['/a', '*', '/b*'])).toEqual(['*']);
    expect(outermost(['/', '/a'])).toEqual(['/']);
  });

  test('the parent’s own permissions stay behind when there are others', () => {
    const parents = ['--permission', '--allow-fs-read=/a', '--import', 'tsx', '--allow-worker'];
    expect(inheritedExecArguments(parents, false)).toEqual(['--import', 'tsx']);
  });

  test('files that flags load are found, packages are not', () => {
    const flags = [
      '--require',
      '/a.cjs',
      '--import=file:///b.mjs',
      '-r',
      '/c.cjs',
      '--import',
      'tsx',
      '--loader',
    ];
    expect(filesLoadedBy([...flags, '--conditions', '/d'])).toEqual(['/a.cjs', '/b.mjs', '/c.cjs']);
  });
});

describe('the error of a denied import', () => {
  const denied = (permission: string, resource: string): Error =>
    Object.assign(new Error('denied'), { code: 'ERR_ACCESS_DENIED', permission, resource });

  test('gets the missing grant at its end, once', () => {
    const error = denied('FileSystemRead', '/app/tasks.js');
    expect(withMissingGrant(error)).toBe(error);
    const { message } = error;
    expect(message).toMatch(/^denied \(.*read \/app\/tasks\.js: add it.*`permissions\.fsRead`\.\)$/u);
    withMissingGrant(error);
    expect(error.message).toBe(message);
  });

  test('of another kind names the kind; any other error is left alone', () => {
    expect(missingGrant(denied('WorkerThreads', ''))).toContain('(WorkerThreads)');
    expect(missingGrant(new Error('denied'))).toBeUndefined();
    expect(missingGrant('ERR_ACCESS_DENIED')).toBeUndefined();
  });
});

describe('resourceLimits', () => {
  const flagsOf = (resourceLimits: PoolOptions['resourceLimits']): readonly string[] =>
    resolvePoolOptions({ resourceLimits }).limitFlags;

  test('become flags of V8', () => {
    expect(flagsOf({ maxOldGenerationSizeMb: 100 })).toEqual(['--max-old-space-size=100']);
    expect(flagsOf({ maxYoungGenerationSizeMb: 48 })).toEqual(['--max-semi-space-size=16']);
    expect(flagsOf({ maxYoungGenerationSizeMb: 1 })).toEqual(['--max-semi-space-size=1']);
    expect(flagsOf({ stackSizeMb: 0.5 })).toEqual(['--stack-size=512']);
    expect(flagsOf({})).toEqual([]);
  });

  test.each([
    [{ maxOldGenerationSizeMb: 0 }, 'a whole number of MiB, 1 to 16777216'],
    [{ maxOldGenerationSizeMb: 100.5 }, 'a whole number of MiB'],
    [{ maxOldGenerationSizeMb: Infinity }, 'a whole number of MiB'],
    [{ maxOldGenerationSizeMb: 2 ** 44 }, 'a whole number of MiB'],
    [{ maxYoungGenerationSizeMb: '64' }, 'a whole number of MiB'],
    [{ stackSizeMb: 0.1 }, 'a number of MiB, 0.25 or more'],
    [{ stackSizeMb: Number.NaN }, 'a number of MiB'],
    [{ stackSizeMb: Infinity }, 'beyond that it would crash'],
    [{ stackSizeMB: 1 }, 'Did you mean `resourceLimits.stackSizeMb`?'],
    [null, 'an object of options'],
  ])('%j is refused', (resourceLimits, hint) => {
    const error = refusal({ resourceLimits });
    expect(error.option).toMatch(/^resourceLimits/u);
    expect(error.message).toContain(hint);
  });

  test.each([
    [{ maxOldGenerationSizeMb: 9 }, '--max_old_space_size=10'],
    [{ maxYoungGenerationSizeMb: 9 }, '--max-semi-space-size=10'],
    [{ stackSizeMb: 1 }, '--stack-size=500'],
  ])('%j beside %s is refused', (resourceLimits, flag) => {
    const error = refusal({ resourceLimits, execArgv: ['--expose-gc', flag] });
    expect(error.option).toBe('execArgv');
    expect(error.message).toContain(`\`execArgv\` has ${flag}`);
    expect(resolvePoolOptions({ resourceLimits, execArgv: ['--expose-gc'] }).limitFlags).toHaveLength(1);
  });

  test('a share of the memory in NODE_OPTIONS, which would win, is refused', () => {
    const env = { NODE_OPTIONS: '--max-old-space-size-percentage=50' };
    const error = refusal({ resourceLimits: { maxOldGenerationSizeMb: 9 }, env });
    expect(error.message).toContain('--max-old-space-size-percentage=50');
    expect(resolvePoolOptions({ resourceLimits: { stackSizeMb: 0.9 }, env }).limitFlags).toHaveLength(1);
  });

  test('the stack may be 1 MiB less than the system gives', () => {
    const limits = (soft: string): string =>
      `Max stack size             ${soft}              unlimited  bytes\n`;
    expect(largestStackMb('linux', limits('8388608'))).toBe(7);
    expect(largestStackMb('linux', limits('67108864'))).toBe(63);
    expect(largestStackMb('linux', limits('unlimited'))).toBe(1023);
    expect(largestStackMb('linux', limits('65536'))).toBeCloseTo(0.96);
    expect(largestStackMb('linux', undefined)).toBe(7);
    expect(largestStackMb('win32', undefined)).toBeCloseTo(0.96);
    const place = { where: 'createPool()', path: 'resourceLimits.stackSizeMb' };
    expect(() => checkStackFits(7, place, 7)).not.toThrow();
    expect(() => checkStackFits(7.01, place, 7)).toThrow(/is 7\.01, but a process may have 7 MiB/u);
  });
});

describe('env, cwd and execArgv', () => {
  test.each([
    [{ env: { A: 'a\0' } }, 'env.A', 'zero byte in "A"'],
    [{ cwd: '/a\0' }, 'cwd', 'has no zero byte'],
    [{ execArgv: ['--expose-gc', ''] }, 'execArgv[1]', 'it is empty'],
    [{ execArgv: ['--title=\0'] }, 'execArgv[0]', 'zero byte'],
    [{ execArgv: ['-e', '1'] }, 'execArgv', 'has -e, with which Node does something other'],
    [{ execArgv: ['--eval=1'] }, 'execArgv', 'has --eval=1'],
    [{ execArgv: ['--version'] }, 'execArgv', 'Leave it out'],
  ])('%j is refused at the call', (options, option, hint) => {
    const error = refusal(options);
    expect(error.option).toBe(option);
    expect(error.message).toContain(hint);
  });

  test('a variable that is undefined is one that is not set', () => {
    expect(resolvePoolOptions({ env: { A: undefined } }).env).toEqual({ A: undefined });
  });
});

test('a file is granted as a file', () => {
  const folder = openFolder();
  writeFileSync(join(folder, 'a'), '');
  expect(readPaths(join(folder, 'a'))).toEqual([join(folder, 'a')]);
});
