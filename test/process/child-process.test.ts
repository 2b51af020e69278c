/** One real child at a time: how its start, output, end and relatives are reported. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { InvariantError } from '../../src/errors.ts';
import { spawnChild, type Child, type ChildSpec } from '../../src/parent/child-process.ts';
import { processState } from '../../src/parent/process-facts.ts';
import { createReaper, reaper } from '../../src/parent/reaper.ts';

type Report =
  | ['spawnFailed', Error]
  | ['exited', number | null, string | null]
  | ['outputClosed']
  | ['stdout' | 'stderr', string];

interface Observed {
  readonly child: Child;
  readonly reports: Report[];
  /** Ends with the last report there will be. */
  readonly over: Promise<void>;
}

/** Runs JavaScript in a child. */
function run(code: string, spec: Partial<ChildSpec> = {}): Observed {
  const reports: Report[] = [];
  let child: Child | undefined;
  const over = new Promise<void>((resolve) => {
    child = spawnChild(
      {
        entry: 'a-script.js',
        execArguments: ['--input-type=commonjs', '--eval', code],
        args: [],
        env: process.env,
        cwd: undefined,
        stdio: 'ignore',
        ...spec,
      },
      {
        onSpawnFailed: (error) => {
          reports.push(['spawnFailed', error]);
          resolve();
        },
        onExited: (exitCode, signal) => reports.push(['exited', exitCode, signal]),
        onOutputClosed: () => {
          reports.push(['outputClosed']);
          resolve();
        },
        onOutput: (stream, line) => reports.push([stream, line]),
      },
    );
  });
  if (child === undefined) throw new Error('no child');
  return { child, reports, over };
}

/** What the child writes to fd 3, up to the first pause. */
async function firstWord(child: Child): Promise<string> {
  const [data] = (await once(child.socket, 'data')) as [Buffer];
  return data.toString();
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(2);
}

const isDead = (pid: number): boolean => ['zombie', 'gone'].includes(processState(pid));

/** How many child processes keep this process alive. */
const active = (): number => process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length;

const sayPid = (expression: string): string => `require('node:fs').writeSync(3, String(${expression}));`;

const startGrandchild = (options: string): string => `
  const grandchild = require('node:child_process').spawn(process.execPath, ['-e', 'for(;;);'], ${options});
  ${sayPid('grandchild.pid')}
`;

describe('the end of a child', () => {
  test('is an exit code, then the end of its output', async () => {
    const { reports, over } = run('process.exitCode = 7');
    await over;
    expect(reports).toEqual([['exited', 7, null], ['outputClosed']]);
  });

  test('is a signal', async () => {
    const { child, reports, over } = run('setInterval(() => {}, 1e6)');
    child.signal('SIGKILL');
    await over;
    expect(reports).toEqual([['exited', null, 'SIGKILL'], ['outputClosed']]);
    child.signal('SIGKILL');
  });

  test('is the end of what it started', async () => {
    const { child, reports, over } = run(`${startGrandchild("{ stdio: 'inherit' }")} process.exit()`);
    const grandchild = Number(await firstWord(child));
    await over;
    await until(() => isDead(grandchild));
    expect(reports).toEqual([['exited', 0, null], ['outputClosed']]);
  });

  test('takes a signal for the group to what it started', async () => {
    const { child, reports, over } = run(
      `process.on('SIGTERM', () => {});
      ${startGrandchild("{ stdio: 'ignore' }")}
      grandchild.once('exit', process.exit);`,
    );
    const grandchild = Number(await firstWord(child));
    child.signal('SIGTERM');
    await until(() => isDead(grandchild));
    await over;
    expect(reports[0]?.[0]).toBe('exited');
  });

  test('closes the output though somebody who left the group still holds it', async () => {
    const { child, reports, over } = run(
      `${startGrandchild("{ stdio: 'inherit', detached: true }")} process.exit()`,
    );
    const runaway = Number(await firstWord(child));
    await over;
    process.kill(runaway, 'SIGKILL');
    expect(reports).toEqual([['exited', 0, null], ['outputClosed']]);
  });
});

describe('a child that cannot start', () => {
  test('says that its working directory is missing', async () => {
    const { child, reports, over } = run('', { cwd: '/does/not/exist' });
    expect(reports).toEqual([]);
    expect(child.pid).toBe(undefined);
    await over;
    const [, error] = reports[0] as ['spawnFailed', Error];
    expect(error.message).toContain('/does/not/exist');
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
    expect(reports).toHaveLength(1);
    child.signal('SIGKILL');
    child.ref();
    child.unref();
    expect([child.stderrTail(), child.socket.destroyed, reaper.pid]).toEqual(['', true, undefined]);
  });

  test('reports what Node refuses at once a little later, like everything else', async () => {
    const { reports, over } = run('', { args: ['\0'] });
    expect(reports).toEqual([]);
    await over;
    expect(reports).toEqual([['spawnFailed', expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' })]]);
  });
});

describe('the output of a child', () => {
  test('comes as lines when captured', async () => {
    const { reports, over } = run(
      "process.stdout.write('one\\ntwo\\r\\n\\nun'); process.stdout.write('done'); console.error('três')",
      { stdio: 'capture' },
    );
    await over;
    const lines = (name: string): unknown[] =>
      reports.filter(([kind]) => kind === name).map((report) => report[1]);
    expect(lines('stdout')).toEqual(['one', 'two', '', 'undone']);
    expect(lines('stderr')).toEqual(['três']);
    expect(reports.at(-1)).toEqual(['outputClosed']);
  });

  test('comes in pieces when a line is too long, and no character is cut', async () => {
    const { reports, over } = run("process.stdout.write('x' + '😀'.repeat(50_000))", { stdio: 'capture' });
    await over;
    const pieces = reports.flatMap((report) => (report[0] === 'stdout' ? [report[1]] : []));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(`x${'😀'.repeat(50_000)}`);
    for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
  });

  test('to stderr goes to ours when inherited', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { reports, over } = run("console.error('for all to see')", { stdio: 'inherit' });
    await over;
    const written = write.mock.calls.map(([chunk]) => String(chunk)).join('');
    write.mockRestore();
    expect(written).toBe('for all to see\n');
    expect(reports).toHaveLength(2);
  });

  test('leaves the last 8 KiB of stderr, cut between characters', async () => {
    const { child, over } = run("process.stderr.write('начало' + '€'.repeat(100_000) + 'end')");
    await over;
    expect(child.stderrTail()).toBe(`${'€'.repeat(Math.floor((8192 - 3) / 3))}end`);
  });

  test('leaves all of a short stderr but half a character', async () => {
    const { child, over } = run('process.stderr.write(Buffer.from([0x61, 0xc3, 0xa9, 0xe2, 0x82]))');
    await over;
    expect(child.stderrTail()).toBe('aé');
  });
});

describe('a running child', () => {
  test('has a private channel on fd 3, both ways', async () => {
    const { child, over } = run(`
      const channel = new (require('node:net').Socket)({ fd: 3 });
      channel.once('data', (data) => channel.end('you said ' + data));
    `);
    child.socket.write('hello');
    expect(await firstWord(child)).toBe('you said hello');
    await over;
  });

  test('keeps this process alive only when asked to', async () => {
    const before = active();
    const { child, over } = run('setInterval(() => {}, 1e6)', { stdio: 'capture' });
    expect(active()).toBe(before);
    child.ref();
    expect(active()).toBe(before + 1);
    child.unref();
    expect(active()).toBe(before);
    child.signal('SIGKILL');
    await over;
  });

  test.skipIf(process.platform !== 'linux')('can be seen to run, to be stopped, and to be gone', async () => {
    const { child, over } = run(`${sayPid('process.pid')} setInterval(() => {}, 1e6)`);
    const pid = Number(await firstWord(child));
    expect(pid).toBe(child.pid);
    expect(processState(pid)).toBe('running');
    process.kill(pid, 'SIGSTOP');
    await until(() => processState(pid) === 'stopped');
    child.signal('SIGKILL');
    await over;
    expect(processState(pid)).toBe('gone');
  });
});

describe('the reaper', () => {
  let leader: ChildProcess | undefined;
  afterEach(() => {
    leader?.kill('SIGKILL');
  });

  function startLeader(): number {
    leader = spawn('/bin/sleep', ['1000'], { detached: true, stdio: 'ignore' });
    if (leader.pid === undefined) throw new Error('no leader');
    return leader.pid;
  }

  test('is there as long as there are children', async () => {
    expect(reaper.pid).toBe(undefined);
    const first = run('setInterval(() => {}, 1e6)');
    const second = run('setInterval(() => {}, 1e6)');
    const { pid } = reaper;
    expect(pid).toBeGreaterThan(1);
    first.child.signal('SIGKILL');
    await first.over;
    expect(reaper.pid).toBe(pid);
    second.child.signal('SIGKILL');
    await second.over;
    expect(reaper.pid).toBe(undefined);
    await until(() => isDead(Number(pid)));
  });

  test('is replaced when it dies, and leaves alone the groups it was told to forget', async () => {
    const own = createReaper();
    const forgotten = startLeader();
    own.register(forgotten);
    own.register(2 ** 22 + 1);
    const former = Number(own.pid);
    process.kill(former, 'SIGKILL');
    await until(() => own.pid !== former && own.pid !== undefined);
    const replacement = Number(own.pid);
    own.unregister(forgotten);
    own.unregister(2 ** 22 + 1);
    await until(() => isDead(replacement));
    expect(processState(forgotten)).toBe('running');
  });

  test('is done without where there is no shell', () => {
    const own = createReaper('/does/not/exist');
    own.register(startLeader());
    expect(own.pid).toBe(undefined);
  });

  test('refuses groups that are not a child’s', () => {
    for (const group of [1, 0, -5, 2.5, Number.NaN])
      expect(() => reaper.register(group)).toThrow(InvariantError);
  });
});
