/**
 * Every way a program that sends closures may be made and started: what to run, and what is particular.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundle, copyAs, makeCommonJs } from './made-programs.ts';
import { inlineText } from './programs/inline.mjs';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A command of Node: its arguments, and what to write to its standard input. */
export interface NodeCommand {
  readonly args: readonly string[];
  readonly stdin?: string;
  /** Its input does not end before it does. */
  readonly isInteractive?: true;
}

export interface Environment {
  readonly name: string;
  /** What cases may ask for with `unless`. */
  readonly traits?: readonly string[];
  /** Run at every test, and not only in CI. */
  readonly isUsual?: true;
  /** Only these groups of cases. */
  readonly groups?: readonly string[];
  /** Why it cannot be had here. */
  readonly missing?: string | false;
  /** Makes the program, in a folder of its own, and says how to run it. */
  readonly prepare: (folder: string) => Promise<NodeCommand> | NodeCommand;
}

const program = (name: string): string => path.join(root, 'test/closures/programs', name);
const plain = (name: string, flags: readonly string[] = []) => ({
  prepare: (): NodeCommand => ({ args: [...flags, program(name)] }),
});

const require = createRequire(import.meta.url);
const tsx = require.resolve('tsx/cli');
const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
const c8 = path.join(root, 'node_modules/c8/bin/c8.js');

const stripsTypes = 'typescript' in process.features && process.features.typescript !== false;
const version = `Node ${process.versions.node}`;

const flags = process.allowedNodeEnvironmentFlags;
const knowsInspectorFlag = flags.has('--allow-inspector');
const permission = [
  flags.has('--permission') ? '--permission' : '--experimental-permission',
  '--allow-fs-read=*',
  '--allow-fs-write=*',
  '--allow-child-process',
  '--allow-worker',
];

/** Enough to see that an environment works where nothing but its start is particular. */
const someGroups = ['main script', 'variables', 'cells', 'classes', 'private members', 'errors', 'refusals'];

/** The same, and how things are found again by reference. */
const moreGroups = [...someGroups, 'references', 'functions'];

export const environments: readonly Environment[] = [
  { name: 'ES modules', isUsual: true, ...plain('main.mjs') },
  { name: 'CommonJS', isUsual: true, ...plain('main.cjs') },
  {
    name: 'tsx, ES modules',
    isUsual: true,
    traits: ['tsx'],
    prepare: async (folder) => ({ args: [tsx, await copyAs('.mts', folder)] }),
  },
  {
    name: 'tsx, CommonJS',
    traits: ['tsx', 'tsx-cjs'],
    prepare: async (folder) => {
      await makeCommonJs(folder);
      return { args: [tsx, await copyAs('.ts', folder)] };
    },
  },
  {
    name: 'types stripped by Node',
    missing: !stripsTypes && `${version} strips no types`,
    prepare: async (folder) => ({ args: [await copyAs('.mts', folder)] }),
  },
  {
    name: 'a bundle of esbuild',
    traits: ['bundle'],
    groups: moreGroups,
    prepare: async (folder) => ({ args: [await bundle(folder, false)] }),
  },
  {
    name: 'a minified bundle of esbuild',
    traits: ['bundle', 'minified'],
    prepare: async (folder) => ({ args: [await bundle(folder, true)] }),
  },
  {
    name: 'a thread of vitest',
    traits: ['vitest', 'thread'],
    groups: moreGroups,
    prepare: () => ({
      args: [vitest, 'run', '--root', root, '--config', program('vitest-threads.config.ts')],
    }),
  },
  {
    name: 'c8',
    groups: someGroups,
    prepare: (folder) => ({
      args: [c8, '--all=false', '--reporter=text-summary', `--temp-directory=${folder}`].concat(
        process.execPath,
        program('main.mjs'),
      ),
    }),
  },
  {
    name: 'a parent in a worker thread',
    traits: ['thread'],
    groups: someGroups,
    ...plain('worker-main.mjs'),
  },
  { name: 'node -e', prepare: () => ({ args: ['-e', inlineText] }) },
  {
    name: 'node --input-type=module -e',
    prepare: () => ({ args: ['--input-type=module', '-e', inlineText] }),
  },
  { name: 'standard input', prepare: () => ({ args: ['-'], stdin: inlineText }) },
  {
    name: 'standard input, as a module',
    prepare: () => ({ args: ['--input-type=module', '-'], stdin: inlineText }),
  },
  {
    name: 'the interactive mode',
    prepare: () => ({ args: ['-i'], stdin: inlineText, isInteractive: true }),
  },
  {
    name: 'the permission model with --allow-inspector',
    groups: someGroups,
    missing: !knowsInspectorFlag && `${version} has no --allow-inspector`,
    ...plain('main.mjs', [...permission, '--allow-inspector']),
  },
  { name: 'the permission model without an inspector', ...plain('no-inspector.mjs', permission) },
  { name: 'popular packages', prepare: () => ({ args: [path.join(root, 'test/closures/packages.mjs')] }) },
  { name: 'a module that imports the main script', ...plain('cycle-main.mjs') },
  { name: 'a CommonJS module that requires the main script', ...plain('cycle-main.cjs') },
];
