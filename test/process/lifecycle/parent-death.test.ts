/**
 * However a program ends, nothing its pool started survives: children of every kind, and what they started.
 */
import process from 'node:process';
import { describe, expect, test } from 'vitest';
import { startProgram } from '../../helpers/life-programs.ts';
import { openFolder } from '../../helpers/open-pool.ts';
import { survivorsOf } from '../../helpers/processes.ts';

const roles = ['idle', 'busy', 'stopped', 'parent'] as const;
const overallLimitMs = 10_000;

describe.skipIf(process.platform !== 'linux')('an idle, a busy and a stopped child, and a grandchild', () => {
  test.for<[how: string, end: string, signal: NodeJS.Signals | undefined, ended: number | string]>([
    ['process.exit()', 'exit', undefined, 0],
    ['an uncaught exception', 'throw', undefined, 1],
    ['SIGTERM', 'wait', 'SIGTERM', 'SIGTERM'],
    ['SIGKILL', 'wait', 'SIGKILL', 'SIGKILL'],
    ['SIGHUP', 'wait', 'SIGHUP', 'SIGHUP'],
  ])('after %s of the parent', { timeout: 60_000 }, async ([, end, signal, ended], { annotate }) => {
    const program = startProgram('family.mjs', end, openFolder(), ...roles);
    const family = await program.nextLine<number[]>();
    if (signal !== undefined) process.kill(program.pid, signal);
    expect(await program.ended).toBe(ended);
    const endedAt = performance.now();
    const survivors = await survivorsOf(family, overallLimitMs);
    await annotate(`all dead ${Math.round(performance.now() - endedAt)} ms after the parent`);
    for (const pid of survivors) process.kill(pid, 'SIGKILL');
    expect(family).toHaveLength(roles.length + 1);
    expect(survivors).toEqual([]);
  });
});
