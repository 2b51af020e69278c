/**
 * What real pools did, held against the model: nothing of it is impossible, and what is impossible is
 * noticed.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Campaign } from '../chaos/campaign.ts';
import { Trace, type TraceRecord } from '../chaos/trace.ts';
import { ChildWorld } from './possible-child.ts';
import { readTrace, replayTrace } from './replay.ts';
import { WorkerReplay, type WorkerStep } from './replay-worker.ts';

/** A line is what is seen, and then what is asked for: `child.greeted: writeInit`. Tasks are numbers. */
function replayWorker(...lines: readonly string[]): WorkerReplay {
  const worker = new WorkerReplay(new ChildWorld(1));
  for (const line of lines) worker.take(stepOf(line));
  return worker;
}

function stepOf(line: string): WorkerStep {
  const [seen = '', asked = ''] = line.split(': ');
  const [type = '', task] = seen.split(' ');
  const commands = asked === '' ? [] : asked.split(', ').map(commandOf);
  return { event: task === undefined ? { type } : { type, taskId: Number(task) }, commands };
}

function commandOf(text: string): WorkerStep['commands'][number] {
  const [type = '', task] = text.split(' ');
  return task === undefined ? { type } : { type, params: { taskId: Number(task), attempt: 1 } };
}

const upToServing = ['xstate.init: spawnChild', 'child.greeted: writeInit', 'child.initialized'];

test.each([
  ['a task runs', ['task.assigned 7: writeRun 7', 'task.started 7', 'task.returned 7']],
  [
    'one of two is taken back, and the child leaves',
    [
      'task.assigned 7: writeRun 7',
      'task.assigned 8: writeRun 8',
      'task.started 7',
      'task.recalled 8: writeRecall 8',
      'task.dropped 8',
      'task.threw 7: writeStop',
      'channel.closed',
      'child.exited',
    ],
  ],
  [
    'last words come after the exit',
    ['task.assigned 7: writeRun 7', 'child.exited', 'task.started 7', 'task.returned 7', 'channel.closed'],
  ],
  ['arguments cannot be sent', ['task.assigned 7: writeRun 7', 'task.started 7', 'task.threw 7']],
])('possible: %s', (_, lines) => {
  expect(replayWorker(...upToServing, ...lines).problem).toBeNull();
});

test.each([
  ['it returns what it did not start', ['task.assigned 7: writeRun 7', 'task.returned 7']],
  ['it starts what it was not handed', ['task.assigned 7: writeRun 7', 'task.started 8']],
  ['it starts twice', ['task.assigned 7: writeRun 7', 'task.started 7', 'task.started 7']],
  [
    'it starts the second first',
    ['task.assigned 7: writeRun 7', 'task.assigned 8: writeRun 8', 'task.started 8', 'task.returned 8'],
  ],
  [
    'it starts more than it may',
    ['task.assigned 7: writeRun 7', 'task.assigned 8: writeRun 8', 'task.started 7', 'task.started 8'],
  ],
  ['it drops what nobody wants back', ['task.assigned 7: writeRun 7', 'task.dropped 7']],
  ['it says something after the end', ['task.assigned 7: writeRun 7', 'channel.closed', 'task.started 7']],
  ['it exits twice', ['child.exited', 'child.exited']],
  ['its channel closes twice', ['channel.closed', 'channel.closed']],
  ['it greets twice', ['child.greeted']],
  ['it could not be spawned after all', ['child.spawnFailed']],
  ['it writes garbage', ['channel.corrupted']],
  [
    'it is told something after its exit',
    ['task.assigned 7: writeRun 7', 'child.exited', 'task.cancelled 7: writeCancel 7'],
  ],
  ['it is signalled after its exit', ['child.exited', 'kill.asked: signalChild']],
])('impossible: %s', (_, lines) => {
  const worker = replayWorker(...upToServing, ...lines);
  expect(worker.problem).toMatch(/cannot have done that|must not be now/u);
  expect(worker.lines.length).toBeGreaterThan(4);
});

test('real processes do nothing that the model does not know', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'replay-'));
  try {
    const records = await recordTo(path.join(folder, 'trace'));
    const report = replayTrace(records);
    expect(report.problems).toEqual([]);
    expect(report.facts).toBeGreaterThan(100);
    for (const [what, doctored] of doctor(records))
      expect(replayTrace(doctored).problems.join('\n'), what).toContain('its child cannot have done that');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function recordTo(file: string): Promise<TraceRecord[]> {
  const trace = new Trace(file);
  const { problems } = await new Campaign({ durationMs: 3_000, seed: 20_261_125, trace }).run();
  trace.close();
  expect(problems).toEqual([]);
  return readTrace(file);
}

const isFact = (record: TraceRecord, event: string): boolean =>
  record[1] === 'step' && record[2] === 'worker' && record[4].type === event;

/** The same traces, each with one lie in them. */
function doctor(records: readonly TraceRecord[]): Map<string, TraceRecord[]> {
  const at = (event: string): number => records.findIndex((each) => isFact(each, event));
  const twice = (event: string): TraceRecord[] =>
    records.toSpliced(at(event), 0, records[at(event)] ?? never());
  return new Map([
    ['it exits twice', twice('child.exited')],
    ['it returns twice', twice('task.returned')],
    ['it never started', records.toSpliced(startOf(records, at('task.returned')), 1)],
    ['it never greeted', records.toSpliced(at('child.greeted'), 1)],
  ]);
}

/** Where the task started that returns there. */
function startOf(records: readonly TraceRecord[], at: number): number {
  const taskIn = (record: TraceRecord | undefined): string =>
    record?.[1] === 'step' ? [record[0], record[3], Reflect.get(record[4], 'taskId')].join(' ') : '';
  return records.findLastIndex(
    (each, index) => index < at && isFact(each, 'task.started') && taskIn(each) === taskIn(records[at]),
  );
}

function never(): never {
  throw new Error('There is no such step in the trace.');
}
