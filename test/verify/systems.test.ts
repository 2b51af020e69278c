/** Well-known systems with known answers: what the checker says of them. */
import { describe, expect, test } from 'vitest';
import { check, findCanaries } from '../../src/verify/index.ts';
import { peterson } from './peterson.ts';
import { philosophers } from './philosophers.ts';
import { retransmission } from './retransmission.ts';
import { tokenRing } from './token-ring.ts';
import { twoActors } from './two-actors.ts';

const movesOf = (steps: readonly { readonly move: string }[]): string[] => steps.map(({ move }) => move);

test('every planted mistake is found', () => {
  expect(findCanaries()).toEqual([
    { name: 'a planted deadlock', found: true },
    { name: 'a planted double settle', found: true },
    { name: 'a planted livelock', found: true },
  ]);
});

describe('two actors who ask each other', () => {
  test('wait for each other for ever if they answer only when they are free', () => {
    const { verdict, counterexample } = check(twoActors(false));
    expect(verdict).toBe('failed');
    expect(counterexample).toMatchObject({ property: 'no deadlock', circle: [] });
    expect(movesOf(counterexample?.steps ?? [])).toEqual([
      'alice wants to know: alice gets go from outside',
      'bob wants to know: bob gets go from outside',
      'alice gets ask from bob',
      'bob gets ask from alice',
    ]);
    expect(counterexample?.steps.at(-1)?.states).toEqual({ alice: 'asking', bob: 'asking' });
  });

  test('both get their answers if they answer while they ask', () => {
    expect(check(twoActors(true))).toMatchObject({ verdict: 'passed', states: 18, edges: 24, depth: 6 });
  });
});

describe("Peterson's algorithm", () => {
  test('lets one in at a time, and each in the end', () => {
    expect(check(peterson(false))).toMatchObject({ verdict: 'passed', states: 20, edges: 40 });
  });

  test('lets both in if the turn is written before the flag', () => {
    const { counterexample } = check(peterson(true));
    expect(counterexample?.property).toBe('never both');
    expect(counterexample?.steps).toHaveLength(6);
    expect(counterexample?.steps.at(-1)?.states).toEqual({
      'process 1': 'critical',
      'process 2': 'critical',
    });
  });
});

describe('three dining philosophers', () => {
  test('starve, each with one fork, and the story is a shortest one', () => {
    const { counterexample } = check(philosophers);
    expect(counterexample?.property).toBe('no deadlock');
    // Each fork is given, and then asked for by a neighbor: three letters for each of the three.
    expect(counterexample?.steps).toHaveLength(9);
    expect(counterexample?.steps.at(-1)?.states).toMatchObject({
      'philosopher 1': 'holding',
      'philosopher 2': 'holding',
      'philosopher 3': 'holding',
    });
  });

  test('eat if they take the lower fork first', () => {
    expect(check(philosophers, { isOrdered: true })).toMatchObject({
      verdict: 'passed',
      states: 328,
      edges: 748,
      unseen: [],
    });
  });

  test('are four at a larger table', () => {
    expect(check(philosophers, { seats: 4 }).counterexample?.steps).toHaveLength(12);
  });
});

describe('a parcel over a channel that loses letters', () => {
  test('is confirmed if letters are lost a few times', () => {
    expect(check(retransmission, { losses: 3 })).toMatchObject({ verdict: 'passed' });
  });

  test('is confirmed under fairness though somebody may look again and again', () => {
    const report = check(retransmission, { losses: 2, isWatched: true });
    expect(report).toMatchObject({ verdict: 'passed' });
    // Without fairness this circle of its own would be a path on which it is never confirmed.
    expect(report.moves['look']).toBe(report.states);
  });

  test('may be lost for ever if letters are lost again and again', () => {
    const { counterexample } = check(retransmission, { losses: Infinity });
    expect(counterexample?.property).toBe('it is confirmed');
    expect(movesOf(counterexample?.circle ?? [])).toEqual([
      'parcel from producer to consumer is lost',
      'a timer of producer fires: after 1000',
    ]);
  });
});

describe('a token that goes round', () => {
  test.each([2, 3, 5])('between %i nodes, and nobody uses it, is a circle of so many steps', (nodes) => {
    const { counterexample, states } = check(tokenRing, { nodes });
    expect(states).toBe(nodes);
    expect(counterexample?.property).toBe('somebody uses the token');
    expect(counterexample?.steps).toEqual([]);
    expect(counterexample?.circle).toHaveLength(nodes);
  });
});
