/** How many CPUs are ours: affinity, control groups and the environment, on machines of many kinds. */
import os from 'node:os';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cpusetLimit, quotaLimit } from '../../src/api/cpu/cgroup-limits.ts';
import { parseCpuList } from '../../src/api/cpu/cpu-list.ts';
import { sysctlNumber } from '../../src/api/cpu/sysctl.ts';
import { countOn, cpuCount, usableCpus } from '../../src/api/cpu-count.ts';
import { InvalidOptionError } from '../../src/errors.ts';
import { recordedSystems, systemWith } from '../helpers/recorded-system.ts';

beforeEach(() => {
  vi.stubEnv('TROUPE_MAX_CPU_COUNT', undefined);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const reader =
  (files: Record<string, string>) =>
  (path: string): string | undefined =>
    files[path];

const mountedAt = (point: string): string => `40 23 0:26 / ${point} rw - cgroup2 cgroup2 rw\n`;

describe('cpuCount', () => {
  test('is whole, 1 or more, and counts no more cores than CPUs', () => {
    const count = cpuCount();
    expect(Number.isInteger(count)).toBe(true);
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(os.cpus().length);
    const cores = cpuCount({ physical: true });
    expect(cores).toBeGreaterThanOrEqual(1);
    expect(cores).toBeLessThanOrEqual(count);
    expect(cpuCount({ physical: true })).toBe(cores);
  });

  test('obeys TROUPE_MAX_CPU_COUNT, downwards only', () => {
    const free = cpuCount();
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '1');
    expect(cpuCount()).toBe(1);
    expect(cpuCount({ physical: true })).toBe(1);
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

  test('counts without TROUPE_MAX_CPU_COUNT for those who cannot refuse it', () => {
    const free = usableCpus();
    expect(free).toBe(cpuCount());
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', '1');
    expect(usableCpus()).toBe(1);
    vi.stubEnv('TROUPE_MAX_CPU_COUNT', 'all');
    expect(usableCpus()).toBe(free);
  });

  test('refuses unknown and wrong options', () => {
    expect(() => cpuCount(JSON.parse('{"phisical": true}'))).toThrow('Did you mean `physical`?');
    expect(() => cpuCount(JSON.parse('{"physical": 1}'))).toThrow('true or false');
  });
});

describe('on a recorded machine', () => {
  test.each(recordedSystems())('$name: $cpus CPUs, $cores cores', ({ cpus, cores, system }) => {
    expect(countOn(system, false)).toBe(cpus);
    expect(countOn(system, true)).toBe(cores);
  });

  test('macOS is asked for its cores, and believed when it answers', () => {
    const asked: string[] = [];
    const macWith = (cores: number | undefined): number =>
      countOn(
        systemWith({
          node: 8,
          platform: 'darwin',
          readText: () => expect.fail('nothing is read on macOS'),
          sysctl: (name) => {
            asked.push(name);
            return cores;
          },
        }),
        true,
      );
    expect(macWith(4)).toBe(4);
    expect(macWith(undefined)).toBe(8);
    expect(asked).toEqual(['hw.physicalcpu', 'hw.physicalcpu']);
  });

  test('Windows does not tell cores: hardware threads are counted', () => {
    expect(countOn(systemWith({ node: 8, platform: 'win32' }), true)).toBe(8);
  });

  test('a system that says 0 has one', () => {
    expect(countOn(systemWith({ node: 0 }), false)).toBe(1);
  });
});

test('sysctl that is missing, or that does not know the name, is no answer', () => {
  expect(sysctlNumber('troupe.no.such.name')).toBeUndefined();
});

describe('quotaLimit', () => {
  const rootWith = (cpuMax: string): number =>
    quotaLimit(
      reader({
        '/proc/self/cgroup': '0::/\n',
        '/proc/self/mountinfo': mountedAt('/sys/fs/cgroup'),
        '/sys/fs/cgroup/cpu.max': cpuMax,
      }),
    );

  test.each([
    ['1 100000', 1],
    ['100000 100000', 1],
    ['100001 100000', 2],
    ['150000 100000\n', 2],
    ['1000000 50000', 20],
  ])('cpu.max of "%s" is %d', (content, count) => {
    expect(rootWith(content)).toBe(count);
  });

  test.each(['', 'max', 'max 100000', '-1 100000', '100000', 'nonsense 0', '0 100000', '100000 0'])(
    'cpu.max of "%s" is no limit',
    (content) => {
      expect(rootWith(content)).toBe(Infinity);
    },
  );

  test('a hierarchy that is not mounted is not looked for where others have it', () => {
    expect(quotaLimit(reader({ '/proc/self/cgroup': '0::/', '/sys/fs/cgroup/cpu.max': '1 1' }))).toBe(
      Infinity,
    );
  });

  test('a hierarchy that is mounted at the root of the file system', () => {
    const files = { '/proc/self/cgroup': '0::/a\n', '/proc/self/mountinfo': mountedAt('/') };
    expect(quotaLimit(reader({ ...files, '/a/cpu.max': '200000 100000' }))).toBe(2);
    expect(quotaLimit(reader({ ...files, '/cpu.max': '300000 100000' }))).toBe(3);
  });
});

test('cpusetLimit takes what is in effect, before what was asked for', () => {
  const files = {
    '/proc/self/cgroup': '3:cpuset:/a\n',
    '/proc/self/mountinfo': '40 23 0:26 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n',
    '/sys/fs/cgroup/cpuset/a/cpuset.cpus': '0-7\n',
  };
  expect(cpusetLimit(reader(files))).toBe(8);
  expect(cpusetLimit(reader({ ...files, '/sys/fs/cgroup/cpuset/a/cpuset.effective_cpus': '0-1' }))).toBe(2);
});

describe('parseCpuList', () => {
  test.each([
    ['0', [0]],
    ['0-2\n', [0, 1, 2]],
    [' 3,0-1, 1-2 ', [3, 0, 1, 2]],
  ])('reads "%s"', (text, cpus) => {
    expect([...(parseCpuList(text) ?? [])]).toEqual(cpus);
  });

  test.each([undefined, '', ' \n', ',', '1-', '-1', '2-1', '0x1', '1.5', '0-99999999999', 'all'])(
    'takes %j for no list',
    (text) => {
      expect(parseCpuList(text)).toBeUndefined();
    },
  );
});
