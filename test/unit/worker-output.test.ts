/** Whose a line is that came through a pipe: of the only task that can have written it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { noTask } from '../../machines/protocol.ts';
import { WorkerOutput } from '../../src/parent/worker-output.ts';

let soon: (() => void)[] = [];
let running: number[] = [];
let told: [line: string, taskId: number | undefined][] = [];
let output: WorkerOutput;

/** The event loop reads everything that is there, once. */
function turn(): void {
  const callbacks = soon;
  soon = [];
  for (const callback of callbacks) callback();
}

function turns(count: number): void {
  for (let left = count; left > 0; left -= 1) turn();
}

function start(taskId: number): void {
  running.push(taskId);
  output.startTask(taskId);
}

function end(taskId: number): void {
  running = running.filter((id) => id !== taskId);
  output.endTask(taskId);
}

beforeEach(() => {
  [soon, running, told] = [[], [], []];
  output = new WorkerOutput({
    onLine: (_stream, line, taskId) => told.push([line, taskId]),
    running: () => running,
    soon: (callback) => soon.push(callback),
  });
});

describe('a line out of a pipe', () => {
  test('is of the only task there was since the pipes were empty', () => {
    start(1);
    turns(4);
    output.takePiped('stdout', 'one');
    turns(4);
    expect(told).toEqual([['one', 1]]);
  });

  test('may be of `initialize`, as long as the pipes have not been empty', () => {
    start(1);
    output.takePiped('stdout', 'one');
    turns(4);
    output.takePiped('stdout', 'two');
    turns(4);
    expect(told).toEqual([
      ['one', undefined],
      ['two', 1],
    ]);
  });

  test('may be of the task before', () => {
    start(1);
    turns(4);
    end(1);
    start(2);
    output.takePiped('stdout', 'of 1 or 2');
    turns(4);
    output.takePiped('stdout', 'of 2');
    turns(4);
    expect(told).toEqual([
      ['of 1 or 2', undefined],
      ['of 2', 2],
    ]);
  });

  test('waits for the news that its task has started', () => {
    start(1);
    turns(4);
    output.takePiped('stdout', 'of 2, perhaps');
    turn();
    end(1);
    start(2);
    turns(4);
    expect(told).toEqual([['of 2, perhaps', undefined]]);
  });

  test('is of nobody while several tasks run', () => {
    start(1);
    start(2);
    turns(8);
    output.takePiped('stdout', 'whose?');
    turns(4);
    end(2);
    turns(8);
    output.takePiped('stdout', 'of 1');
    turns(4);
    expect(told).toEqual([
      ['whose?', undefined],
      ['of 1', 1],
    ]);
  });

  test('waits for the end of the channel when the process is gone', () => {
    start(1);
    turns(4);
    output.takePiped('stderr', 'Segmentation fault');
    output.noteExit();
    turns(4);
    expect(told).toEqual([]);
    output.end();
    expect(told).toEqual([['Segmentation fault', 1]]);
  });

  test('asks for no more turns when all is known', () => {
    start(1);
    turns(8);
    end(1);
    start(2);
    turns(8);
    expect(soon).toEqual([]);
  });
});

describe('text over the channel', () => {
  test('is cut into lines for each task and stream', () => {
    output.takeText(1, 'stdout', 'a');
    output.takeText(2, 'stdout', 'b');
    output.takeText(1, 'stderr', 'c\n');
    output.takeText(1, 'stdout', 'd\r\ne');
    expect(told).toEqual([
      ['c', 1],
      ['ad', 1],
    ]);
    output.endTask(1);
    output.takeText(noTask, 'stdout', 'f');
    output.end();
    expect(told.slice(2)).toEqual([
      ['e', 1],
      ['b', 2],
      ['f', undefined],
    ]);
  });

  test('is told at once, before what waits in the pipes', () => {
    output.takePiped('stdout', 'piped');
    output.takeText(1, 'stdout', 'sent\n');
    output.end();
    expect(told.map(([line]) => line)).toEqual(['sent', 'piped']);
  });
});
