/** The table of guesses: what is left of a child, and the cause and advice it gives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeExit, likelyCause, type ExitFacts } from '../../src/parent/likely-cause.ts';
import { oomKillCount, stateInStatLine } from '../../src/parent/process-facts.ts';

const heapText = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';

function facts(some: Partial<ExitFacts>): ExitFacts {
  return { exitCode: null, signal: null, stderrTail: '', oomKillMoved: false, frozen: false, ...some };
}

describe('the likely cause', () => {
  test.for<[what: string, some: Partial<ExitFacts>, cause: string, advice: string]>([
    [
      'V8 out of heap',
      { signal: 'SIGABRT', stderrTail: heapText },
      'out-of-memory',
      'maxOldGenerationSizeMb',
    ],
    [
      'V8 out of heap, no signals',
      { exitCode: 134, stderrTail: heapText },
      'out-of-memory',
      'resourceLimits',
    ],
    ...[
      '# Fatal javascript OOM in GC during deserialization',
      '# Fatal JavaScript out of memory: GC during deserialization',
      '# Fatal process OOM in Zone',
    ].map((stderrTail): [string, Partial<ExitFacts>, string, string] => [
      `V8 while it starts: ${stderrTail}`,
      { signal: 'SIGTRAP', stderrTail },
      'out-of-memory',
      'resourceLimits',
    ]),
    ['C++ out of memory', { signal: 'SIGABRT', stderrTail: 'std::bad_alloc' }, 'out-of-memory', 'less data'],
    [
      'killed by the kernel for memory',
      { signal: 'SIGKILL', oomKillMoved: true },
      'out-of-memory',
      'maxWorkers',
    ],
    ['killed', { signal: 'SIGKILL' }, 'killed', "system's log"],
    ['killed after talking of memory', { signal: 'SIGKILL', stderrTail: heapText }, 'killed', 'from outside'],
    [
      'ended by SIGTERM while others ran out of memory',
      { signal: 'SIGTERM', oomKillMoved: true },
      'killed',
      'SIGTERM',
    ],
    ['ended by SIGINT', { signal: 'SIGINT' }, 'killed', 'SIGINT'],
    ['segmentation fault', { signal: 'SIGSEGV' }, 'native-crash', 'native modules'],
    ['bus error', { signal: 'SIGBUS' }, 'native-crash', 'SIGBUS'],
    ['illegal instruction', { signal: 'SIGILL' }, 'native-crash', 'SIGILL'],
    ['arithmetic', { signal: 'SIGFPE' }, 'native-crash', 'SIGFPE'],
    ['V8 check', { signal: 'SIGTRAP' }, 'native-crash', 'SIGTRAP'],
    ['abort', { signal: 'SIGABRT' }, 'native-crash', 'SIGABRT'],
    ['access violation on Windows', { exitCode: 0xc000_0005 }, 'native-crash', 'exit code 3221225477'],
    ['process.exit(7)', { exitCode: 7 }, 'exit', 'exit code 7'],
    ['process.exit(7) after printing about memory', { exitCode: 7, stderrTail: heapText }, 'exit', 'Throw'],
    ['process.exit(0)', { exitCode: 0 }, 'exit', 'Return from the task'],
    ['frozen, and killed for it', { signal: 'SIGKILL', frozen: true }, 'unresponsive', 'SIGSTOP'],
  ])('%s', ([, some, cause, advice]) => {
    expect(likelyCause(facts(some))).toBe(cause);
    expect(describeExit(facts(some))).toContain(advice);
    expect(describeExit(facts(some))).toMatch(/^The process .+\. [A-Z].+\.$/u);
  });
});

describe('the state in a line of /proc/PID/stat', () => {
  test.for([
    ['1 (a) S 0', 'running'],
    ['1 (a) R 0', 'running'],
    ['1 (a) D 0', 'running'],
    ['1 (a) t 0', 'running'],
    ['1 (a) T 0', 'stopped'],
    ['1 (a) Z 0', 'zombie'],
    ['1 (a) X 0', 'gone'],
    ['1 (evil) T (name) Z 0', 'zombie'],
    ['', 'unknown'],
  ] as const)('%s is %s', ([line, state]) => {
    expect(stateInStatLine(line)).toBe(state);
  });
});

describe('the count of kills for memory', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'troupe-cgroup-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function countWith(membership: string, counters: Record<string, string>): number | undefined {
    for (const [path, text] of Object.entries({ membership, ...counters })) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return oomKillCount({ membership: join(root, 'membership'), root });
  }

  test('of our group, version 2', () => {
    const events = 'low 0\noom 9\noom_kill 4\noom_group_kill 7\n';
    expect(countWith('0::/a/b\n', { 'a/b/memory.events': events, 'a/memory.events': 'oom_kill 5' })).toBe(4);
  });
  test('of the end that a container sees', () => {
    expect(countWith('0::/docker/1f:2\n', { 'memory.events': 'oom_kill 2\n' })).toBe(2);
  });
  test('of version 1, where version 2 has no memory controller', () => {
    const membership = '4:cpu,memory:/x\n0::/\n';
    const counters = {
      'memory/x/memory.oom_control': 'under_oom 0\noom_kill 3\n',
      'unified/cgroup.procs': '1',
    };
    expect(countWith(membership, counters)).toBe(3);
  });
  test('is not known when the kernel does not tell', () => {
    expect(countWith('4:memory:/x\n0::/\n', { 'memory/x/memory.oom_control': 'under_oom 0\n' })).toBe(
      undefined,
    );
    expect(oomKillCount({ membership: join(root, 'missing'), root })).toBe(undefined);
  });
});
