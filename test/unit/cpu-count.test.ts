/** How many CPUs are ours: affinity, control groups and the environment. */
import os from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../src/errors.ts';
import { cpuCount, physicalCores, quotaLimit } from '../../src/api/cpu-count.ts';

beforeEach(() => {
  vi.stubEnv('TROUPE_MAX_CPU_COUNT', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const quotaWith = (files: Record<string, string>): number => quotaLimit((path) => files[path]);

describe('cpuCount', () => {
  test('is between 1 and what the operating system offers', () => {
    const count = cpuCount();
    expect(Number.isInteger(count)).toBe(true);
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(os.availableParallelism());
    expect(cpuCount({ physical: true })).toBeLessThanOrEqual(count);
  });

  test('obeys TROUPE_MAX_CPU_COUNT, downwards only', () => {
    const free = cpuCount();
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '1');
    expect(cpuCount()).toBe(1);
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '100000');
    expect(cpuCount()).toBe(free);
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '');
    expect(cpuCount()).toBe(free);
  });

  test.each(['0', '-1', '1.5', 'all', 'NaN'])('refuses TROUPE_MAX_CPU_COUNT=%s', (value) => {
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', value);
    expect(() => cpuCount()).toThrow(InvalidOptionError);
    expect(() => cpuCount()).toThrow(`TROUPE_MAX_CPU_COUNT is '${value}'`);
  });

  test('refuses unknown and wrong options', () => {
    expect(() => cpuCount(JSON.parse('{"phisical": true}'))).toThrow('Did you mean `physical`?');
    expect(() => cpuCount(JSON.parse('{"physical": 1}'))).toThrow('true or false');
  });
});

describe('quotaLimit', () => {
  test('version 2: the smallest quota on the way up, rounded up', () => {
    const files = {
      '/proc/self/cgroup': '0::/a/b\n',
      '/sys/fs/cgroup/a/b/cpu.max': 'max 100000\n',
      '/sys/fs/cgroup/a/cpu.max': '150000 100000\n',
    };
    expect(quotaWith(files)).toBe(2);
    expect(quotaWith({ ...files, '/sys/fs/cgroup/a/b/cpu.max': '50000 100000\n' })).toBe(1);
  });

  test('version 1: quota and period are two files, and the folder is named for its controllers', () => {
    const files = {
      '/proc/self/cgroup': '12:pids:/x\n4:cpu,cpuacct:/docker/1:2\n1:name=systemd:/\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/1:2/cpu.cfs_quota_us': '250000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/1:2/cpu.cfs_period_us': '100000\n',
    };
    expect(quotaWith(files)).toBe(3);
    expect(quotaWith({ ...files, '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' })).toBe(3);
  });

  test('a container that sees only its own root', () => {
    const files = { '/proc/self/cgroup': '0::/../../other\n', '/sys/fs/cgroup/cpu.max': '100000 100000' };
    expect(quotaWith(files)).toBe(1);
  });

  test.each(['', 'max', 'max 100000', '-1 100000', '100000', 'nonsense 0', '0 100000', '100000 0'])(
    'cpu.max of "%s" is no limit',
    (content) => {
      const files = { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': content };
      expect(quotaWith(files)).toBe(Infinity);
    },
  );

  test('nothing readable is no limit', () => {
    expect(quotaWith({})).toBe(Infinity);
    expect(quotaWith({ '/proc/self/cgroup': 'what is this' })).toBe(Infinity);
  });
});

describe('physicalCores', () => {
  test('threads of one core count once, cores of two sockets twice', () => {
    const threads = [
      'processor\t: 0\nphysical id\t: 0\ncore id\t\t: 0',
      'processor\t: 1\nphysical id\t: 0\ncore id\t\t: 0',
      'processor\t: 2\nphysical id\t: 1\ncore id\t\t: 0',
    ];
    expect(physicalCores(`${threads.join('\n\n')}\n\n`)).toBe(2);
  });

  test('what does not tell is no limit', () => {
    expect(physicalCores(undefined)).toBe(Infinity);
    expect(physicalCores('processor\t: 0\nBogoMIPS\t: 50.00\n')).toBe(Infinity);
  });
});
