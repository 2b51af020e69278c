/** However a parent goes, nothing it started stays: no idle, busy or stopped child, and no grandchild. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { processState } from '../../src/parent/process-facts.ts';

interface Family {
  readonly reaper: number;
  readonly children: readonly number[];
}

const deadlineMs = 10_000;
const parentScript = fileURLToPath(new URL('../fixtures/orphans/parent.ts', import.meta.url));

describe.skipIf(process.platform !== 'linux')('nothing survives its parent', () => {
  let parent: ChildProcess | undefined;
  afterEach(() => {
    parent?.kill('SIGKILL');
  });

  test.for<[how: string, death: string, signal?: string]>([
    ['is killed by SIGKILL', 'wait', 'SIGKILL'],
    ['is ended by SIGTERM', 'wait', 'SIGTERM'],
    ['has its whole group interrupted', 'wait', 'group SIGINT'],
    ['calls process.exit()', 'exit'],
    ['dies of an uncaught exception', 'throw'],
    ['is killed before its children have booted', 'instantly'],
    ['is killed after its reaper was', 'without-reaper', 'SIGKILL'],
  ])('when it %s', async ([, death, signal], { annotate }) => {
    parent = startParent(death);
    const exited = once(parent, 'exit');
    const family = await familyOf(parent);
    end(parent, signal);
    await exited;
    const diedAt = performance.now();
    const survivors = await waitUntilDead([...family.children, family.reaper]);
    await annotate(`all dead ${Math.round(performance.now() - diedAt)} ms after the parent`);
    for (const pid of survivors) process.kill(pid, 'SIGKILL');
    expect(survivors).toEqual([]);
  });
});

function startParent(death: string): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', parentScript, death], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function familyOf(parent: ChildProcess): Promise<Family> {
  if (parent.stdout === null) throw new Error('the parent has no stdout');
  for await (const line of createInterface(parent.stdout)) return JSON.parse(line) as Family;
  throw new Error('the parent died before it had a family');
}

function end(parent: ChildProcess, signal: string | undefined): void {
  if (signal === undefined || parent.pid === undefined) return;
  const [target, name] = signal.startsWith('group ') ? [-parent.pid, signal.slice(6)] : [parent.pid, signal];
  process.kill(target, name);
}

async function waitUntilDead(pids: readonly number[]): Promise<readonly number[]> {
  const deadline = performance.now() + deadlineMs;
  let alive = pids;
  while (alive.length > 0 && performance.now() < deadline) {
    alive = alive.filter((pid) => !['zombie', 'gone'].includes(processState(pid)));
    if (alive.length > 0) await delay(2);
  }
  return alive;
}
