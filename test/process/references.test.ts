/**
 * References found in one process lead to the same functions in another: the round trip a task's function
 * makes, and what the other process says when it cannot follow one.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { inheritedExecArguments } from '../../src/parent/exec-arguments.ts';
import {
  type Answer,
  fixtureUrl,
  loadAll,
  showProgram,
  type LoadedOutcome,
  type ProgramOptions,
} from '../helpers/reference-programs.ts';

const tsx = fileURLToPath(import.meta.resolve('tsx/cli'));
const stripsTypes = 'typescript' in process.features && process.features.typescript !== false;

function isReference(answer: [string, Answer | null]): answer is [string, Answer] {
  return answer[1]?.url !== undefined;
}

/**
 * Shows a program's functions, then loads and calls them in a process with the flags a child would inherit.
 */
async function roundTrip(program: string, options: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const { answers, execArgv } = await showProgram(program, options);
  const references = Object.fromEntries(Object.entries(answers).filter(isReference));
  const env = { TROUPE_MAIN_SCRIPT: fixtureUrl(program) };
  const child = options.command === undefined ? {} : { command: options.command };
  const loaded = await loadAll(references, { ...child, execArgv: inheritedExecArguments(execArgv), env });
  return Object.fromEntries(
    Object.entries(loaded).map(([label, outcome]) => [label, outcome.value ?? outcome]),
  );
}

describe('a function and the child that imports it', () => {
  test('ES modules, CommonJS modules and Node', async () => {
    const values = await roundTrip('modules-main.mjs');
    const fromModules = {
      plain: 101,
      arrow: 102,
      later: 103,
      count: [104],
      renamed: 105,
      made: 106,
      picked: 107,
    };
    const reexported = {
      unnamed: 108,
      viaIndex: 101,
      defaultViaIndex: 108,
      awaited: 109,
      awaitedDefault: 110,
    };
    const fromCommonJs = {
      foo: 111,
      computed: 112,
      single: 114,
      bound: 115,
      spelled: 116,
      compiledDefault: 117,
    };
    const fromNode = { max: 100, parse: 100, clone: 100 };
    expect(values).toMatchObject({ ...fromModules, ...reexported, ...fromCommonJs, ...fromNode });
  });

  test('a TypeScript program run by tsx', async () => {
    const values = await roundTrip('tsx-main.mts', { execArgv: [tsx] });
    expect(values).toEqual({
      typed: 121,
      typedRenamed: 122,
      unnamed: 123,
      enumerated: 124,
      commonTyped: 125,
      foo: 111,
    });
  });

  test('a CommonJS TypeScript program run by tsx', async () => {
    const values = await roundTrip('common/main.ts', { execArgv: [tsx] });
    expect(values).toEqual({ commonTyped: 125, unnamed: 126, foo: 111 });
  });

  test.skipIf(!stripsTypes)('a TypeScript program on a Node that strips types', async () => {
    expect(await roundTrip('typed-main.mts')).toEqual({ typed: 121, typedRenamed: 122, unnamed: 123 });
  });

  test('TypeScript in a child without a loader, by the tsx installed beside the module', async () => {
    const references = {
      typed: { url: fixtureUrl('tasks.mts'), name: 'typed' },
      enumerated: { url: fixtureUrl('enumerated.mts'), name: 'enumerated' },
    };
    const loaded = await loadAll(references, {
      env: { TROUPE_MAIN_SCRIPT: fixtureUrl('captured-main.mjs') },
    });
    expect(loaded).toMatchObject({ typed: { value: 121 }, enumerated: { value: 124 } });
  });
});

// Each is downloaded on first use.
describe.skipIf(process.env['TROUPE_OTHER_NODES'] !== '1')('with TROUPE_OTHER_NODES=1', () => {
  test.each(['22', '24', '26'])('Node %s', { timeout: 120_000 }, async (version) => {
    const command = 'npx';
    const execArgv = ['-y', `--package=node@${version}`, '--', 'node'];
    const { answers } = await showProgram('typed-main.mts', { command, execArgv });
    const references = Object.fromEntries(Object.entries(answers).filter(isReference));
    const loaded = await loadAll(references, { command, execArgv });
    expect(loaded).toMatchObject({
      typed: { value: 121 },
      typedRenamed: { value: 122 },
      unnamed: { value: 123 },
    });
    const modules = await showProgram('modules-main.mjs', { command, execArgv });
    expect(modules.answers['made']).toEqual({ url: fixtureUrl('jobs.mjs'), name: 'made' });
  });
});

async function failure(file: string, name: string, env: NodeJS.ProcessEnv = {}): Promise<LoadedOutcome> {
  const { task } = await loadAll({ task: { url: fixtureUrl(file), name } }, { env });
  return task ?? {};
}

describe('a reference that leads nowhere', () => {
  test('to a file that is not there', async () => {
    expect(await failure('gone.mjs', 'resize')).toMatchObject({
      code: 'ERR_TROUPE_NOT_SERIALIZABLE',
      message: expect.stringMatching(/`resize` could not be loaded.*no file .*gone\.mjs/u) as string,
    });
  });

  test('to a module that imports one that is not there', async () => {
    expect(await failure('imports-missing.mjs', 'never')).toMatchObject({
      code: 'ERR_MODULE_NOT_FOUND',
      message: expect.stringMatching(
        /not-there\.mjs.*while a worker imported .*imports-missing\.mjs to run `never`/su,
      ) as string,
    });
  });

  test('to an export that is not there', async () => {
    expect(await failure('awaits.mjs', 'resize')).toMatchObject({
      code: 'ERR_TROUPE_NOT_SERIALIZABLE',
      message: expect.stringMatching(
        /awaits\.mjs has no export `resize`\. It exports awaited, default\./u,
      ) as string,
    });
  });

  test('to an export that is not a function', async () => {
    const { message } = await failure('jobs.mjs', 'notExported');
    expect(message).toMatch(/`notExported` of .* is not a function but a value of type object/u);
  });

  test('to a module that throws, whose error keeps its class', async () => {
    expect(await failure('throws.mjs', 'never')).toMatchObject({
      name: 'RangeError',
      message: expect.stringMatching(
        /^no configuration \(while a worker imported .*throws\.mjs to run `never`\)$/u,
      ) as string,
    });
  });

  test('to TypeScript nothing there can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'troupe-'));
    const file = join(folder, 'enumerated.mts');
    await writeFile(file, 'enum Step { Size = 1 }\nexport const size = () => Step.Size;\n');
    const { task } = await loadAll({ task: { url: pathToFileURL(file).href, name: 'size' } });
    await rm(folder, { recursive: true });
    expect(task?.code).toBe('ERR_TROUPE_NOT_SERIALIZABLE');
    expect(task?.message).toMatch(/cannot load the TypeScript of .*Use Node 22\.18 or later .* install tsx/u);
  });

  test('to a global this version lacks', async () => {
    const { task } = await loadAll({ task: { url: 'global:', name: 'Math.mean' } });
    expect(task?.message).toMatch(/no global function `Math\.mean`/u);
  });

  test('to the main script, which is not imported', async () => {
    const env = { TROUPE_MAIN_SCRIPT: fixtureUrl('captured-main.mjs') };
    const { message } = await failure('captured-main.mjs', 'resize', env);
    expect(message).toMatch(
      /`resize` is in .*captured-main\.mjs, the main script, which never runs in a worker/u,
    );
  });

  test.skipIf(!('registerHooks' in module))('to a module that imports the main script', async () => {
    const env = { TROUPE_MAIN_SCRIPT: fixtureUrl('captured-main.mjs') };
    const { message } = await failure('imports-main.mjs', 'viaMain', env);
    expect(message).toMatch(/imports-main\.mjs imports '\.\/captured-main\.mjs', the main script/u);
  });

  test('to a module that requires the main script', async () => {
    const env = { TROUPE_MAIN_SCRIPT: fixtureUrl('required-main.cjs') };
    const { code, message } = await failure('requires-main.cjs', 'viaMain', env);
    expect(code).toBe('ERR_TROUPE_NOT_SERIALIZABLE');
    expect(message).toMatch(/requires-main\.cjs \w+ '.*required-main\.cjs', the main script/u);
  });
});
