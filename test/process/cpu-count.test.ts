/**
 * `cpuCount` in processes that the system really holds back: by `taskset`, and by control groups. Skipped is
 * what a machine does not have, and groups that this process may not make there.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { cpuCount } from 'troupe';
import { describe, expect, onTestFinished, test } from 'vitest';

const program =
  `import { cpuCount } from '${import.meta.resolve('troupe')}';` +
  'console.log(cpuCount(), cpuCount({ physical: true }))';

/** What a new process counts that begins as `sh -c BEFORE`. */
function countAfter(before: string): number[] {
  const command = `${before} && exec "$0" --input-type=module -e "$1"`;
  const { TROUPE_MAX_CPU_COUNT: _, NODE_OPTIONS: __, ...env } = process.env;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command, process.execPath, program], {
    encoding: 'utf8',
    env,
  });
  expect(status, stderr).toBe(0);
  return stdout.trim().split(' ').map(Number);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const isLinux = process.platform === 'linux';
const hasTaskset = isLinux && spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

describe('affinity', () => {
  test.skipIf(!hasTaskset)('of one CPU is one CPU and one core', () => {
    const allowed = /^Cpus_allowed_list:\s*(\d+)/mu.exec(readText('/proc/self/status'))?.[1];
    expect(countAfter(`taskset -p -c ${allowed} $$ >/dev/null`)).toEqual([1, 1]);
  });
});

/** Where groups with this controller are mounted, if a process may make them there. */
function placeForGroups(version: 1 | 2, controller: string): string | undefined {
  for (const line of readText('/proc/self/mountinfo').split('\n')) {
    const [left = '', right = ''] = line.split(' - ');
    const [, , , root, point = ''] = left.split(' ');
    const [type, , options = ''] = right.split(' ');
    if (root !== '/' || type !== (version === 1 ? 'cgroup' : 'cgroup2')) continue;
    const offers =
      version === 1 ? options.split(',') : readText(join(point, 'cgroup.subtree_control')).trim().split(' ');
    if (!offers.includes(controller)) continue;
    try {
      const probe = join(point, `troupe-probe-${process.pid}`);
      mkdirSync(probe);
      rmdirSync(probe);
      return point;
    } catch {
      // Mounted read-only, or not ours to change.
    }
  }
  return undefined;
}

let groups = 0;

function makeGroup(parent: string, files: Readonly<Record<string, string>>): string {
  groups += 1;
  const group = join(parent, `troupe-test-${process.pid}-${groups}`);
  mkdirSync(group);
  onTestFinished(() => {
    rmdirSync(group);
  });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(group, file), text);
  return group;
}

const joining = (group: string): string => `echo $$ > '${group}/cgroup.procs'`;

/** On a machine with few CPUs a quota above their number is none. */
const atMost = (count: number): number => Math.min(count, cpuCount());

describe('real control groups', () => {
  const quotaFiles = {
    1: (quota: number) => ({ 'cpu.cfs_period_us': '100000', 'cpu.cfs_quota_us': String(quota) }),
    2: (quota: number) => ({ 'cpu.max': `${quota} 100000` }),
  };

  describe.each([1, 2] as const)('of version %d', (version) => {
    const place = (isLinux ? placeForGroups(version, 'cpu') : undefined) ?? '';
    const quotaOf = (cpus: number): Record<string, string> => quotaFiles[version](cpus * 100_000);

    test.skipIf(place === '').each([
      [0.5, 1],
      [1, 1],
      [1.5, 2],
    ])('a quota of %d CPUs counts %d', (quota, count) => {
      expect(countAfter(joining(makeGroup(place, quotaOf(quota))))[0]).toBe(atMost(count));
    });

    test.skipIf(place === '')('a quota of the group above holds for a group without one', () => {
      const inner = makeGroup(makeGroup(place, quotaOf(0.7)), {});
      expect(countAfter(joining(inner))).toEqual([1, 1]);
    });

    test.skipIf(place === '')('a group without a quota counts all there are', () => {
      const free = countAfter('true');
      expect(countAfter(joining(makeGroup(place, {})))).toEqual(free);
    });
  });

  const parent = (isLinux ? placeForGroups(1, 'cpuset') : undefined) ?? '';
  test.skipIf(parent === '')('a set of one CPU, version 1, counts one', () => {
    const first = /\d+/u.exec(readText(join(parent, 'cpuset.cpus')))?.[0] ?? '0';
    const group = makeGroup(parent, {
      'cpuset.cpus': first,
      'cpuset.mems': readText(join(parent, 'cpuset.mems')).trim(),
    });
    expect(countAfter(joining(group))).toEqual([1, 1]);
  });
});
