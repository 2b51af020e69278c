/**
 * Chooses which of this process's Node flags a child inherits: those that change how modules are found,
 * loaded and permitted. Everything else stays behind, since copying `-e`, `--input-type` or `--inspect`
 * breaks children.
 */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

const flagsWithValue = new Set([
  '--import',
  '--require',
  '-r',
  '--loader',
  '--experimental-loader',
  '--conditions',
  '-C',
]);

const permissionFlagsWithValue = new Set(['--allow-fs-read', '--allow-fs-write']);

const flagsAlone = new Set([
  '--strip-types',
  '--no-strip-types',
  '--experimental-strip-types',
  '--no-experimental-strip-types',
  '--experimental-transform-types',
  '--enable-source-maps',
  '--preserve-symlinks',
]);

const permissionFlagsAlone = new Set([
  '--permission',
  '--experimental-permission',
  '--allow-addons',
  '--allow-child-process',
  '--allow-inspector',
  '--allow-net',
  '--allow-wasi',
  '--allow-worker',
]);

/**
 * The part of `execArgv` (as in `process.execArgv`) that a child must have to load the same modules, and
 * unless it has its own, to have the same permissions.
 */
export function inheritedExecArguments(execArgv: readonly string[], withPermissions = true): string[] {
  const inherited: string[] = [];
  for (let index = 0; index < execArgv.length; index += 1) {
    const argument = execArgv[index] ?? '';
    const flag = flagOf(argument);
    if (flagsAlone.has(flag) || (withPermissions && permissionFlagsAlone.has(flag))) {
      inherited.push(argument);
    } else if (flagsWithValue.has(flag) || (withPermissions && permissionFlagsWithValue.has(flag))) {
      if (argument.includes('=')) {
        inherited.push(argument);
        continue;
      }
      const value = execArgv[index + 1];
      if (value === undefined) continue;
      inherited.push(argument, value);
      index += 1;
    }
  }
  return inherited;
}

const loadingFlags = new Set(['--import', '--require', '-r', '--loader', '--experimental-loader']);

/** The files that flags name in full and that Node loads before anything else. */
export function filesLoadedBy(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((argument, index) => {
    if (!loadingFlags.has(flagOf(argument))) return [];
    const equals = argument.indexOf('=');
    const value = equals === -1 ? execArgv[index + 1] : argument.slice(equals + 1);
    if (value?.startsWith('file:') === true) return [fileURLToPath(value)];
    return value !== undefined && isAbsolute(value) ? [value] : [];
  });
}

/** Node reads `--enable_source_maps` as `--enable-source-maps`. */
function flagOf(argument: string): string {
  const [flag = ''] = argument.split('=', 1);
  return flag.startsWith('--') ? flag.replaceAll('_', '-') : flag;
}
