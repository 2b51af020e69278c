/** Asks macOS for one of its numbers. Node has no call for it, so its own small program is run. */
import { spawnSync } from 'node:child_process';

/** It answers in a few milliseconds; on a machine that cannot even do that, the answer is given up. */
const limitMs = 2_000;

/** `undefined` when there is no such program, no such name, or no number. */
export function sysctlNumber(name: string): number | undefined {
  const { status, stdout } = spawnSync('/usr/sbin/sysctl', ['-n', name], {
    encoding: 'utf8',
    env: {},
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: limitMs,
  });
  const text = typeof stdout === 'string' ? stdout.trim() : '';
  return status === 0 && /^\d+$/u.test(text) ? Number(text) : undefined;
}
