/** What a worker has been sent is taken back when it has not been used for long, never while it is needed. */
import { expect, test } from 'vitest';
import { SentUnits } from '../../src/parent/sent-units.ts';

type Message = readonly unknown[];

const unit = (id: number): { id: string } => ({ id: `unit ${id}` });

function sender(): { units: SentUnits; held: Set<string>; messages: Message[] } {
  const held = new Set<string>();
  const messages: Message[] = [];
  const units = new SentUnits((message) => {
    messages.push(message);
    if (message[0] === 'code') held.add((message[1] as { id: string }).id);
    else for (const id of message[1] as string[]) held.delete(id);
  });
  return { units, held, messages };
}

function run(units: SentUnits, taskId: number, id: number): void {
  units.send(unit(id));
  units.use(taskId, [unit(id)]);
}

test('a text is sent once while it is in use', () => {
  const { units, messages } = sender();
  for (let taskId = 1; taskId <= 3; taskId += 1) run(units, taskId, 7);
  expect(messages).toEqual([['code', unit(7)]]);
});

test('a worker never holds more than about a thousand, and what is taken back is sent again', () => {
  const { units, held } = sender();
  for (let taskId = 1; taskId <= 5_000; taskId += 1) {
    run(units, taskId, taskId);
    units.release(taskId);
    expect(held.has(unit(taskId).id)).toBe(true);
    expect(held.size).toBeLessThanOrEqual(1_100);
  }
  expect(held.has(unit(1).id)).toBe(false);
  run(units, 9_999, 1);
  expect(held.has(unit(1).id)).toBe(true);
});

test('what an unfinished task needs, was used lately, or is kept, stays', () => {
  const { units, held } = sender();
  run(units, 1, 1);
  units.send(unit(2));
  units.keep([unit(2)]);
  for (let taskId = 10; taskId <= 3_000; taskId += 1) {
    run(units, taskId, taskId);
    units.release(taskId);
    run(units, -taskId, 3);
    units.release(-taskId);
    expect([...held]).toEqual(expect.arrayContaining([unit(1).id, unit(2).id, unit(3).id]));
  }
  units.release(1);
  for (let taskId = 4_000; taskId <= 7_000; taskId += 1) {
    run(units, taskId, taskId);
    units.release(taskId);
  }
  expect(held.has(unit(1).id)).toBe(false);
  expect(held.has(unit(2).id)).toBe(true);
});
