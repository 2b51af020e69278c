/** Children under Node's permission model: what is granted works, what is not is denied, the pool lives. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createPool, InvalidOptionError, type PermissionOptions, PoolBrokenError, type Task } from 'troupe';
import { describe, expect, test } from 'vitest';
import {
  listFolder,
  makeFolderWithFile,
  makeWasi,
  openConnection,
  openInspector,
  processId,
  readText,
  startProcess,
  startThread,
  writeText,
} from '../fixtures/jobs/guarded.mjs';
import { openFolder, openPool } from '../helpers/open-pool.ts';
import { rejectionOf } from '../helpers/rejection-of.ts';

const tasksFile = new URL('../fixtures/jobs/guarded.mjs', import.meta.url);
const known = process.allowedNodeEnvironmentFlags;

const guarded = (permissions: PermissionOptions = {}): ReturnType<typeof openPool> =>
  openPool({ permissions: { ...permissions, fsRead: permissions.fsRead ?? [tasksFile] } });

interface Denial extends Error {
  readonly code?: unknown;
  readonly permission?: unknown;
  readonly resource?: unknown;
}

async function denialOf(task: Task<unknown>): Promise<Denial> {
  const error: Denial = await rejectionOf(task, Error);
  expect(error.constructor).toBe(Error);
  expect(error.code).toBe('ERR_ACCESS_DENIED');
  return error;
}

describe('files', () => {
  test('what is not granted is denied, as the error Node makes, and the worker lives', async () => {
    const pool = guarded();
    const folder = openFolder();
    const file = join(folder, 'secret');
    writeFileSync(file, 'secret');
    const before = await pool.submit(processId);
    const read = await denialOf(pool.submit(readText, file));
    expect(read).toMatchObject({ permission: 'FileSystemRead', resource: file });
    const write = await denialOf(pool.submit(writeText, file, 'changed'));
    expect(write).toMatchObject({ permission: 'FileSystemWrite', resource: file });
    expect(readFileSync(file, 'utf8')).toBe('secret');
    expect(await pool.submit(processId)).toBe(before);
  });

  test('a folder is granted with all that is in it, a file alone', async () => {
    const folder = openFolder();
    mkdirSync(join(folder, 'in'));
    for (const name of ['in/a', 'b', 'c']) writeFileSync(join(folder, name), name);
    const pool = guarded({ fsRead: [tasksFile, join(folder, 'in'), join(folder, 'b')] });
    expect(await pool.submit(readText, join(folder, 'in/a'))).toBe('in/a');
    expect(await pool.submit(listFolder, join(folder, 'in'))).toBe(true);
    expect(await pool.submit(readText, join(folder, 'b'))).toBe('b');
    await denialOf(pool.submit(readText, join(folder, 'c')));
    await denialOf(pool.submit(listFolder, folder));
  });

  test('reading is not writing, and writing is not reading', async () => {
    const folder = openFolder();
    const pool = guarded({ fsWrite: [folder] });
    await pool.submit(writeText, join(folder, 'new'), 'written');
    await denialOf(pool.submit(readText, join(folder, 'new')));
    expect(readFileSync(join(folder, 'new'), 'utf8')).toBe('written');
  });

  test('`*` is everything', async () => {
    const folder = openFolder();
    const pool = guarded({ fsRead: '*', fsWrite: '*' });
    await pool.submit(writeText, join(folder, 'a'), 'b');
    expect(await pool.submit(readText, join(folder, 'a'))).toBe('b');
  });

  test('a folder that is to be made is one when it is written with a slash', async () => {
    const folder = openFolder();
    const pool = guarded({ fsWrite: [`${join(folder, 'to-come')}/`] });
    await pool.submit(makeFolderWithFile, join(folder, 'to-come'));
    // A worker that starts when it is there.
    pool.resize({ maxWorkers: 2, minWorkers: 2 });
    await Promise.all([1, 2].map(() => pool.submit(makeFolderWithFile, join(folder, 'to-come'))));
    await denialOf(pool.submit(makeFolderWithFile, join(folder, 'to-come-2')));
  });

  test('a folder can be listed although something in it is granted too', async () => {
    const folder = openFolder();
    writeFileSync(join(folder, 'a'), 'a');
    const pool = guarded({ fsRead: [join(folder, 'a'), folder, tasksFile] });
    expect(await pool.submit(listFolder, folder)).toBe(true);
  });

  test('a link is granted with what it leads to', async () => {
    const folder = openFolder();
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/file'), 'text');
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const pool = guarded({ fsRead: [tasksFile, join(folder, 'link')] });
    expect(await pool.submit(readText, join(folder, 'link/file'))).toBe('text');
    expect(await pool.submit(readText, join(folder, 'real/file'))).toBe('text');
  });
});

describe('the code of tasks', () => {
  test('a closure that imports nothing needs no grant', async () => {
    const three = 3;
    expect(await openPool({ permissions: {} }).submit(() => three + 1)).toBe(4);
  });

  test('a module that may not be read: the message says which grant is missing', async () => {
    const pool = openPool({ permissions: {} });
    const error = await denialOf(pool.submit(processId));
    expect(error.message).toMatch(/worker imported .*guarded\.mjs to run `processId`/u);
    expect(error.message).toMatch(/read \S*guarded\.mjs: add it, .* to `permissions\.fsRead`/u);
    expect(await pool.submit(() => 1)).toBe(1);
  });

  test('the module of `initialize`, too', async () => {
    const pool = openPool({ permissions: {}, initialize: { fn: processId }, restarts: { max: 0 } });
    const error = await rejectionOf(
      pool.submit(() => 1),
      PoolBrokenError,
    );
    expect(error.message).toMatch(/`initialize` failed.*guarded\.mjs: add it.*`permissions\.fsRead`/u);
  });

  test('what `execArgv` loads has to be granted, and the message says so', async () => {
    const folder = openFolder();
    // Some versions of Node grant the first file themselves.
    writeFileSync(join(folder, 'loaded.cjs'), `require('./more.cjs')`);
    writeFileSync(join(folder, 'more.cjs'), '');
    const execArgv = ['--require', join(folder, 'loaded.cjs')];
    const denied = openPool({ permissions: {}, execArgv, restarts: { max: 0 } });
    const error = await rejectionOf(
      denied.submit(() => 1),
      PoolBrokenError,
    );
    expect(error.message).toMatch(/ERR_ACCESS_DENIED\): add to `permissions`/u);
    const granted = openPool({ permissions: { fsRead: [folder] }, execArgv });
    expect(await granted.submit(() => 1)).toBe(1);
  });
});

test('a task may import troupe, also where a package manager has linked it into its place', () => {
  const folder = openFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(fileURLToPath(new URL('../..', import.meta.url)), join(folder, 'node_modules/troupe'));
  writeFileSync(
    join(folder, 'tasks.mjs'),
    "import { currentTask } from 'troupe'; export const nameOfTask = () => currentTask().name;",
  );
  writeFileSync(
    join(folder, 'main.mjs'),
    "import { createPool } from 'troupe'; import { nameOfTask } from './tasks.mjs';" +
      "const pool = createPool({ permissions: { fsRead: ['tasks.mjs'] }, stdio: 'ignore' });" +
      'console.log(await pool.submit(nameOfTask)); await pool.close();',
  );
  const { stdout, stderr } = spawnSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' });
  expect(stdout, stderr).toBe('nameOfTask\n');
});

describe('everything else is denied until it is granted', () => {
  test('child processes', async () => {
    expect(await denialOf(guarded().submit(startProcess))).toMatchObject({ permission: 'ChildProcess' });
    const pool = guarded({ childProcess: true, fsRead: '*' });
    expect((await pool.submit(startProcess)).trim()).toBe('42');
  });

  test('worker threads', async () => {
    expect(await denialOf(guarded().submit(startThread))).toMatchObject({ permission: 'WorkerThreads' });
    expect(await guarded({ worker: true }).submit(startThread)).toBe(0);
  });

  test('WASI', async () => {
    expect(await denialOf(guarded().submit(makeWasi))).toMatchObject({ permission: 'WASI' });
    expect(await guarded({ wasi: true }).submit(makeWasi)).toBe(true);
  });

  test('the inspector, where Node can grant it', async () => {
    expect(await denialOf(guarded().submit(openInspector))).toMatchObject({ permission: 'Inspector' });
    if (!known.has('--allow-inspector')) return;
    expect(await guarded({ inspector: true }).submit(openInspector)).toBeUndefined();
  });

  test('the network, where Node guards it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    try {
      if (!known.has('--allow-net')) {
        expect(await guarded().submit(openConnection, port)).toBe('connected');
        return;
      }
      await denialOf(guarded().submit(openConnection, port));
      expect(await guarded({ net: true }).submit(openConnection, port)).toBe('connected');
    } finally {
      server.close();
    }
  });
});

test('`execArgv` may not say it a second time', () => {
  const twice = (): unknown => createPool({ permissions: {}, execArgv: ['--allow-fs-read=/'] });
  expect(twice).toThrow(InvalidOptionError);
  expect(twice).toThrow(/`execArgv` has --allow-fs-read=\/, and `permissions` is given too/u);
});
