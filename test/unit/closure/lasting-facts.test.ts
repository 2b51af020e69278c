import inspector from 'node:inspector';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { encodeCall } from '../../../src/codec/call.ts';

const list = [1];
const helper = (value: number): number => value + list.length;
let changing = 1;
const usesChanging = (): number => changing;

function graphOf(fn: unknown): unknown {
  return JSON.parse(encodeCall(fn, []).captured?.graph.json ?? 'null');
}

/** How many questions a capture asks, after others of the same function. */
function questionsAbout(fn: unknown): number {
  for (let turn = 0; turn < 3; turn += 1) encodeCall(fn, []);
  const post = vi.spyOn(inspector.Session.prototype, 'post');
  encodeCall(fn, []);
  return post.mock.calls.length;
}

afterEach(() => vi.restoreAllMocks());

describe('facts that last', () => {
  test('V8 is asked no more about functions that use constants only', () => {
    expect(questionsAbout((): number => helper(1))).toBe(0);
  });

  test('what is in a constant is read each time', () => {
    const call = (): number => helper(1);
    for (let turn = 0; turn < 4; turn += 1) {
      expect(JSON.stringify(graphOf(call))).toContain(`"items":${JSON.stringify(list)}`);
      list.push(turn);
    }
  });

  test('variables that change are read each time, through whichever function', () => {
    const call = (): number => usesChanging();
    for (let turn = 0; turn < 4; turn += 1) {
      changing = turn * 100;
      expect(JSON.stringify(graphOf(call))).toContain(`[${changing}]`);
    }
    expect(questionsAbout(call)).toBeGreaterThan(0);
  });

  test('the same constant of two activations', () => {
    const made = [1, 2].map((held) => {
      const constant = held;
      return (): number => constant;
    });
    for (let turn = 0; turn < 3; turn += 1)
      expect(made.map((fn) => JSON.stringify(graphOf(fn)).includes('"values":[2]'))).toEqual([false, true]);
  });

  test('a constant that was not initialised at first', () => {
    const early = (): number => late;
    for (let turn = 0; turn < 3; turn += 1) {
      try {
        encodeCall(early, []);
      } catch {
        // Node 22 and later tell that it is not initialised.
      }
    }
    const late = 42;
    expect(JSON.stringify(graphOf(early))).toContain('[42]');
  });
});
