import { describe, expect, test } from 'vitest';
import { AsyncBuffer } from '../../src/api/async-buffer.ts';

async function readAll<Value>(buffer: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of buffer) values.push(value);
  return values;
}

describe('AsyncBuffer', () => {
  test('yields what was pushed before and after the reader came', async () => {
    const buffer = new AsyncBuffer<number>();
    buffer.push(1);
    const all = readAll(buffer);
    buffer.push(2);
    buffer.end();
    buffer.push(3);
    expect(await all).toEqual([1, 2]);
  });

  test('fails once, after what came before', async () => {
    const buffer = new AsyncBuffer<number>();
    buffer.push(1);
    buffer.fail(new Error('late'));
    expect(await buffer.next()).toEqual({ value: 1, done: false });
    await expect(buffer.next()).rejects.toThrow('late');
    expect(await buffer.next()).toEqual({ value: undefined, done: true });
  });

  test('wakes every waiting reader at the end', async () => {
    const buffer = new AsyncBuffer<number>();
    const waiting = [buffer.next(), buffer.next()];
    buffer.end();
    expect(await Promise.all(waiting)).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  test('tells when values are taken, and when its reader leaves early', async () => {
    const told: string[] = [];
    const buffer = new AsyncBuffer<number>({
      onTaken: (count) => told.push(`taken ${count}`),
      onAbandoned: () => told.push('abandoned'),
    });
    buffer.push(1);
    buffer.push(2);
    for await (const value of buffer) if (value === 1) break;
    expect(told).toEqual(['taken 1', 'abandoned']);
    await buffer.return();
    expect(told).toHaveLength(2);
  });

  test('drops the oldest value beyond its limit', async () => {
    const buffer = new AsyncBuffer<number>({}, 2);
    for (const value of [1, 2, 3]) buffer.push(value);
    buffer.end();
    expect(await readAll(buffer)).toEqual([2, 3]);
  });
});
