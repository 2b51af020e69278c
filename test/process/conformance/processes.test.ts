/** What a pool says of its processes, what ends them, and how many there should be (K). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';
import { cpuCount, NotSerializableError, PoolClosedError } from 'troupe';
import { expect } from 'vitest';
import { echo, workerPid } from '../../fixtures/life/answers.mjs';
import { spins } from '../../fixtures/life/blocks.mjs';
import { nextEvent, whenStarted } from '../../helpers/open-pool.ts';
import { processLetter, survivorsOf } from '../../helpers/processes.ts';
import { runNode } from '../../helpers/reference-programs.ts';
import { rejectionOf } from '../../helpers/rejection-of.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('processes');

scenario('K131', async ({ open }) => {
  const pool = open();
  expect(pool.workers).toEqual([]);
  const ready = nextEvent(pool, 'workerReady');
  const task = pool.submit(spins);
  const pid = await whenStarted(pool, task);
  expect(await ready).toMatchObject({ pid, workerId: 1 });
  expect(pool.workers).toMatchObject([{ pid, state: 'busy', tasks: [task.id] }]);
  const exited = nextEvent(pool, 'workerExited');
  const closed = rejectionOf(task, PoolClosedError);
  await pool.terminate();
  await closed;
  expect(await exited).toMatchObject({ pid, workerId: 1, end: 'killed', signal: 'SIGKILL' });
  expect(pool.workers).toEqual([]);
});

scenario('K132', async ({ shared }) => {
  const error = await rejectionOf(shared.submit(echo, { peer: new Socket() }), NotSerializableError);
  expect(error.path).toBe('argument 0.peer');
});

for (const how of ['terminate', 'close'] as const) {
  scenario('K133', { detail: how, needsLinux: true }, async ({ open }) => {
    const pool = open({ killGraceMs: 0 });
    const task = pool.submit(spins);
    const pid = await whenStarted(pool, task);
    const closed = rejectionOf(task, PoolClosedError);
    await (how === 'close' ? pool.close({ timeoutMs: 0 }) : pool.terminate());
    await closed;
    expect(await survivorsOf([pid], 0)).toEqual([]);
  });
}

scenario('K134', { needsLinux: true }, async ({ open }) => {
  const pool = open();
  const pid = await pool.submit(workerPid);
  let letter: string | undefined = 'none yet';
  pool.on('workerExited', () => {
    letter = processLetter(pid);
  });
  const exited = nextEvent(pool, 'workerExited');
  expect(await pool.submit(echo, 'still there')).toBe('still there');
  expect(letter).toBe('none yet');
  process.kill(pid, 'SIGTERM');
  expect(await exited).toMatchObject({ pid, exitCode: null, signal: 'SIGTERM' });
  expect([undefined, 'Z', 'X']).toContain(letter);
});

const count = `import { cpuCount } from 'troupe';
  console.log(JSON.stringify([cpuCount(), cpuCount({ physical: true })]));`;
const counting = ['--input-type=module', '-e', count];
const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

scenario('K137', async () => {
  const [all, cores] = [cpuCount(), cpuCount({ physical: true })];
  expect(all).toBeGreaterThanOrEqual(1);
  expect(cores).toBeLessThanOrEqual(all);
  expect([cpuCount(), cpuCount({ physical: true })]).toEqual([all, cores]);
  expect(await runNode(counting, { env: { TROUPE_MAX_CPU_COUNT: '1' } })).toBe('[1,1]\n');
});

scenario('K137', { detail: 'taskset', isOff: !hasTaskset }, async () => {
  const status = readFileSync('/proc/self/status', 'utf8');
  const allowed = /^Cpus_allowed_list:\s*(\d+)/mu.exec(status)?.[1] ?? '0';
  const args = ['-c', allowed, process.execPath, ...counting];
  expect(await runNode(args, { command: 'taskset' })).toBe('[1,1]\n');
});
