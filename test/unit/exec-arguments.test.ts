/** Which Node flags travel to a child, and above all which must not. */
import { expect, test } from 'vitest';
import { inheritedExecArguments } from '../../src/parent/exec-arguments.ts';

interface Row {
  readonly why: string;
  readonly given: readonly string[];
  readonly inherited: readonly string[];
}

const same = (why: string, ...given: string[]): Row => ({ why, given, inherited: given });
const none = (why: string, ...given: string[]): Row => ({ why, given, inherited: [] });

const table: readonly Row[] = [
  none('nothing at all'),
  same('a loader', '--import', 'tsx'),
  same('a loader in one word', '--import=file:///app/hooks.mjs'),
  same('a value that holds an equals sign', '--import', 'data:text/javascript,globalThis.a=1'),
  same('the tsx command', '--require', '/app/tsx/preflight.cjs', '--import', 'file:///app/tsx/loader.mjs'),
  same('the short form of require', '-r', './setup.cjs', '-r', './more.cjs'),
  same('the older loader flags', '--loader', 'ts-node/esm', '--experimental-loader=./hooks.mjs'),
  same('conditions, repeated', '--conditions', 'node', '-C', 'development', '--conditions=browser'),
  same('type stripping', '--experimental-strip-types', '--experimental-transform-types'),
  same('type stripping switched off', '--no-experimental-strip-types', '--no-strip-types'),
  same('source maps', '--enable-source-maps'),
  same('underscores, which Node reads as dashes', '--enable_source_maps'),
  same('symlinks', '--preserve-symlinks'),
  same('permissions', '--permission', '--allow-fs-read=/app', '--allow-fs-write', '/tmp', '--allow-worker'),
  same('permissions of Node 20', '--experimental-permission', '--allow-fs-read=*', '--allow-child-process'),
  none('an eval', '-e', 'createPool()'),
  none('an eval, long', '--eval', 'createPool()'),
  none('an eval in one word', '--eval=createPool()'),
  none('a print', '-p', '1 + 1'),
  none('a print whose code looks like a flag', '-p', '-1'),
  none('a print, long', '--print', '1 + 1'),
  none('both short flags', '-pe', '1 + 1'),
  none('the type of an eval', '--input-type=module', '--input-type', 'commonjs'),
  none('a debugger', '--inspect', '--inspect-brk', '--inspect=0.0.0.0:9229', '--inspect-port=0'),
  none('a test run', '--test', '--test-reporter', 'spec', '--test-name-pattern=a'),
  none('a watcher', '--watch', '--watch-path=./src'),
  none('a check', '--check', '-c'),
  none('the interactive mode', '-i', '--interactive'),
  none('a flag that needs a value and has none', '--import'),
  {
    why: 'a mixture keeps its order',
    given: ['--inspect', '--import', 'tsx', '-e', 'code', '-r', './a.cjs', '--watch', '--enable-source-maps'],
    inherited: ['--import', 'tsx', '-r', './a.cjs', '--enable-source-maps'],
  },
];

test.each(table)('$why', ({ given, inherited }) => {
  expect(inheritedExecArguments(given)).toEqual(inherited);
});
