/** What is said of a check: the story, the diagram, the summary, and the file that can be stepped through. */
import { describe, expect, test } from 'vitest';
import {
  check,
  diagram,
  model,
  type Model,
  type PathStep,
  readCounterexample,
  replay,
  reportText,
  story,
  toFile,
} from '../../src/verify/index.ts';
import { peterson } from './peterson.ts';
import { philosophers } from './philosophers.ts';
import { retransmission } from './retransmission.ts';
import { tokenRing } from './token-ring.ts';
import { twoActors } from './two-actors.ts';

describe('a story', () => {
  test('tells each move, what it sends and changes, and what is wrong at the end', () => {
    expect(story(check(twoActors(false))).split('\n')).toEqual([
      'two actors: "no deadlock" does not hold. This is a shortest way to see it.',
      '',
      'At the start',
      '    alice is free',
      '    bob is free',
      '  1. alice wants to know: alice gets go from outside',
      '       outside sends go to alice',
      '       alice: free → asking, on go',
      '       alice sends ask to bob',
      '  2. bob wants to know: bob gets go from outside',
      '       outside sends go to bob',
      '       bob: free → asking, on go',
      '       bob sends ask to alice',
      '  3. alice gets ask from bob',
      '       alice takes ask and stays asking',
      '  4. bob gets ask from alice',
      '       bob takes ask and stays asking',
      '',
      'In the end: nothing can happen any more, and somebody still waits.',
      '    alice is asking',
      '    bob is asking',
    ]);
  });

  test('tells the circle that a system can go round', () => {
    const told = story(check(tokenRing));
    expect(told).toContain(
      'From here it can go round, again and again:\n  1. node 2 gets token from node 1\n',
    );
    expect(told).toContain('In the end: the system can go round for ever without it.');
  });

  test('of a property that does not hold in a moment ends with it', () => {
    expect(story(check(peterson(true)))).toContain(
      'Here "never both" does not hold.\n    process 1 is critical',
    );
  });

  test('of nothing is one sentence', () => {
    expect(story(check(twoActors(true)))).toBe('two actors: nothing wrong was found.');
  });
});

describe('a diagram', () => {
  test('shows who sends what to whom, and what that changes', () => {
    expect(diagram(check(twoActors(false))).split('\n')).toEqual([
      'sequenceDiagram',
      '  participant p1 as outside',
      '  participant p2 as alice',
      '  participant p3 as bob',
      '  p1->>p2: go',
      '  Note over p2: free → asking, on go',
      '  p2->>p3: ask',
      '  p1->>p3: go',
      '  Note over p3: free → asking, on go',
      '  p3->>p2: ask',
      '  Note over p2: is asking',
      '  Note over p3: is asking',
      '  Note over p1,p3: In the end: nothing can happen any more, and somebody still waits.',
    ]);
  });

  test('shows a circle as a loop', () => {
    const lines = diagram(check(retransmission, { losses: Infinity })).split('\n');
    expect(lines).toEqual([
      'sequenceDiagram',
      '  participant p1 as producer',
      '  participant p2 as consumer',
      '  p1->>p2: parcel',
      '  loop again and again',
      '  Note over p1,p2: parcel from producer to consumer is lost',
      '  p1->>p2: parcel',
      '  end',
      '  Note over p1: is sending',
      '  Note over p2: is empty',
      '  Note over p1,p2: In the end: the system can go round for ever without it.',
    ]);
  });

  test('escapes what Mermaid would take for its own', () => {
    const odd = model({
      name: 'odd',
      machines: {},
      scope: {},
      topology: () => ({ members: [], records: { done: null } }),
      environment: () => ({
        moves: (_world, moves) => void moves.push({ name: 'x', kind: 'system', id: 0, detail: 0 }),
        apply: (world) => {
          world.message('a;b', 'c#d', '50 % <b>\n"end"');
          world.violate('no; #1');
        },
      }),
    });
    const lines = diagram(check(odd)).split('\n');
    expect(lines).toContain('  participant p1 as a#59;b');
    expect(lines).toContain('  participant p2 as c#35;d');
    expect(lines).toContain('  p1->>p2: 50 #37; #60;b#62;<br/>#34;end#34;');
    expect(lines).toContain('  Note over p1,p2: no#59; #35;1');
  });

  test.each([
    ['a deadlock', () => check(philosophers)],
    ['a circle', () => check(tokenRing)],
    ['a broken property', () => check(peterson(true))],
  ])('of %s has only lines that Mermaid knows', (_name, run) => {
    const known =
      /^sequenceDiagram$|^ {2}(?:participant p\d+ as .+|p\d+->>p\d+: .+|Note over [\d,p]+: .+|loop .+|end)$/u;
    const lines = diagram(run()).split('\n');
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes(' loop '))).toHaveLength(
      lines.filter((line) => line === '  end').length,
    );
  });

  test('of nothing is empty', () => {
    expect(diagram(check(twoActors(true)))).toBe('');
  });
});

describe('a summary', () => {
  test('says "passed" of a search that saw everything', () => {
    const text = reportText(check(retransmission));
    expect(text).toContain(
      'retransmission: passed. Every one of 9 moments was explored, and everything holds.',
    );
    expect(text).toContain('  moments     9, 9 steps between them, 4 moves deep\n');
    expect(text).toContain('a letter to consumer is lost 1');
    expect(text).toContain('  pairs       producer 2 of 3, consumer 2 of 4 (state, event) pairs met\n');
    expect(text).toContain('  holds       "every step keeps the rules", "no deadlock", "it is confirmed"');
    expect(text).not.toContain('never met');
  });

  test('lists the pairs that were never met, if asked', () => {
    const text = reportText(check(retransmission), { pairs: true });
    expect(text).toMatch(
      /never met\n +producer: confirmed in done\n +consumer: look in empty\n +consumer: look in full/u,
    );
  });

  test('names the moves that were never made', () => {
    const text = reportText(check(retransmission, { losses: 0, isWatched: true }));
    expect(text).not.toContain('never made');
    const quiet = check(twoActors(true));
    expect(reportText({ ...quiet, neverMade: ['crash'] })).toContain('  never made  crash\n');
  });

  test('says what is broken', () => {
    const text = reportText(check(twoActors(false)));
    expect(text).toMatch(/^two actors: failed\. "no deadlock" does not hold: nothing can happen any more/u);
    expect(text).toContain('  broken      "no deadlock"');
  });

  test('of an incomplete search says what was covered and what was not, and never "passed"', () => {
    const report = check(philosophers, { isOrdered: true, limits: { states: 100 } });
    const text = reportText(report);
    expect(text).toMatch(
      /^philosophers: incomplete\. The limit on states was reached after 10\d moments\.\n/u,
    );
    expect(text).toMatch(
      /Covered: nothing wrong until then; all that takes up to \d moves from the start was found\./u,
    );
    expect(text).toMatch(/Not covered: \d+ moments of the 10\d and everything that comes after them\./u);
    expect(text).toContain('Not judged: "all are full".');
    expect(text).not.toMatch(/passed|holds/u);
    expect(story(report)).not.toMatch(/passed|holds/u);
  });
});

describe('a file', () => {
  const twice = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;

  function stepThrough<Scope extends object>(
    subject: Model<Scope>,
    file: ReturnType<typeof toFile>,
  ): { steps: PathStep[]; isStillBroken: boolean } {
    const path = replay(subject, file);
    const steps: PathStep[] = [];
    for (;;) {
      const next = path.next();
      if (next.done === true) return { steps, ...next.value };
      steps.push(next.value);
    }
  }

  test.each([
    ['a deadlock', twoActors(false)],
    ['a broken property', peterson(true)],
    ['a deadlock among three', philosophers as unknown as Model],
    ['a circle', tokenRing as unknown as Model],
  ])('of %s leads to the same steps again', (_name, subject) => {
    const report = check(subject);
    const file = readCounterexample(JSON.stringify(toFile(report)));
    const { steps, isStillBroken } = stepThrough(subject, file);
    const { counterexample } = report;
    expect(steps).toEqual([...(counterexample?.steps ?? []), ...(counterexample?.circle ?? [])]);
    expect(isStillBroken).toBe(true);
  });

  test('keeps the scope', () => {
    const file = twice(toFile(check(tokenRing, { nodes: 4 })));
    expect(file).toMatchObject({ version: 1, model: 'token ring', scope: { nodes: 4 } });
    expect(stepThrough(tokenRing, file).steps).toHaveLength(4);
  });

  test('says so when the model no longer makes a step', () => {
    const file = toFile(check(philosophers));
    expect(() => stepThrough(philosophers, { ...file, scope: { seats: 3, isOrdered: true } })).toThrow(
      'The model no longer makes step 3, "fork 3 gets take from philosopher 3". Possible there: fork 1 gets',
    );
  });

  test('says so when the steps no longer break anything', () => {
    const file = toFile(check(twoActors(false)));
    const [first, second] = file.steps;
    const shorter = { ...file, steps: [first, second].filter((step) => step !== undefined) };
    expect(stepThrough(twoActors(true), shorter).isStillBroken).toBe(false);
  });

  test('of another model is refused', () => {
    expect(() => stepThrough(philosophers, toFile(check(twoActors(false))))).toThrow(
      "The counterexample is of 'two actors', and this model is 'philosophers'.",
    );
  });

  test('cannot be made of a report without a counterexample', () => {
    expect(() => toFile(check(twoActors(true)))).toThrow("The report on 'two actors' has no counterexample");
  });

  test.each([
    ['{', 'A counterexample must be JSON.'],
    ['{}', 'This is no counterexample'],
    ['{"format":"troupe counterexample","version":2}', 'has format 2; this version reads 1'],
    ['{"format":"troupe counterexample","version":1}', 'is damaged'],
  ])('%s is refused', (text, message) => {
    expect(() => readCounterexample(text)).toThrow(message);
  });
});
