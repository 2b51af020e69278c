/** The helper process that cleans up behind a dead parent, and what happens to itself (I). */
import process from 'node:process';
import { expect } from 'vitest';
import { echo } from '../../fixtures/life/answers.mjs';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { reaperPid } from '../../helpers/own-processes.ts';
import { survivorsOf, waitUntil } from '../../helpers/processes.ts';
import { scenariosOf } from '../../helpers/scenarios-of.ts';

const scenario = scenariosOf('reaper');

scenario('I121', { needsLinux: true }, async () => {
  const program = startProgram('family.mjs', 'wait', openFolder(), 'busy', 'parent');
  const family = await program.nextLine<number[]>();
  process.kill(program.pid, 'SIGTERM');
  expect(await program.ended).toBe('SIGTERM');
  expect(family).toHaveLength(3);
  expect(await survivorsOf(family)).toEqual([]);
});

scenario('I123', { needsLinux: true }, async ({ open, shared }) => {
  await shared.submit(echo, 1);
  const pid = reaperPid() ?? 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.kill(pid, signal);
    expect(await open().submit(echo, signal)).toBe(signal);
    expect(reaperPid()).toBe(pid);
  }
  process.kill(pid, 'SIGKILL');
  await waitUntil('there is another', () => ![undefined, pid].includes(reaperPid()));
});
