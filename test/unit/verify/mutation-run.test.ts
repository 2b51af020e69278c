/** Running a check on mutants, and what is said about the result. */
import { describe, expect, test } from 'vitest';
import { runMutants } from '../../../src/verify/mutation-run.ts';
import type { Killer, MutationProgress, MutationReport } from '../../../src/verify/mutation-run.ts';
import { mutationTable, mutationText } from '../../../src/verify/mutation-text.ts';

const mutants = [
  { id: 'pool · a', of: 'pool', what: 'the action a is dropped' },
  { id: 'pool · b', of: 'pool', what: 'the action b is dropped' },
  { id: 'pool · c', of: 'pool', what: 'the action c is dropped' },
  { id: 'task · d', of: 'task', what: 'the action d is dropped' },
  { id: 'task · e', of: 'task', what: 'the action e is dropped' },
];

const deadlock: Killer = { means: 'model', by: 'deadlock' };
const story: Killer = { means: 'scenario', by: 'runs' };
const killers: Record<string, Killer> = { 'pool · a': deadlock, 'task · d': story, 'task · e': deadlock };
const check = ({ id }: { id: string }): Killer | null => killers[id] ?? null;
const harmless = { id: 'pool · b', why: 'nobody listens' };

describe('a run of mutants', () => {
  test('tells the killed, the survivors and the equivalent apart', async () => {
    expect(await runMutants(mutants, check, { equivalents: [harmless] })).toEqual({
      killed: [
        { id: 'pool · a', ...deadlock },
        { id: 'task · d', ...story },
        { id: 'task · e', ...deadlock },
      ],
      survived: ['pool · c'],
      equivalent: [harmless],
      staleEquivalents: [],
      score: 0.75,
      machines: [
        {
          name: 'pool',
          mutants: 3,
          killed: 1,
          means: { model: 1, scenario: 0 },
          equivalent: 1,
          survived: 1,
        },
        {
          name: 'task',
          mutants: 2,
          killed: 2,
          means: { model: 1, scenario: 1 },
          equivalent: 0,
          survived: 0,
        },
      ],
    });
  });

  test('names what is listed as equivalent and is not', async () => {
    const equivalents = [
      { id: 'pool · a', why: 'so it seemed' },
      harmless,
      { id: 'pool · z', why: 'it was' },
    ];
    const report = await runMutants(mutants, check, { equivalents });
    expect(report.staleEquivalents).toEqual(['pool · a', 'pool · z']);
    expect(report.killed).toHaveLength(3);
    expect(report.equivalent).toEqual([harmless]);
  });

  test('has nothing against no mutants', async () => {
    expect(await runMutants([], check, { equivalents: [] })).toMatchObject({ score: 1, machines: [] });
  });

  test('waits for each check before the next, and tells how far it is', async () => {
    const seen: MutationProgress[] = [];
    let running = 0;
    const slowly = async (mutant: { id: string }): Promise<Killer | null> => {
      running += 1;
      expect(running).toBe(1);
      await Promise.resolve();
      running -= 1;
      return check(mutant);
    };
    await runMutants(mutants.slice(0, 2), slowly, {
      equivalents: [harmless],
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen).toEqual([
      { done: 1, total: 2, id: 'pool · a', killer: deadlock },
      { done: 2, total: 2, id: 'pool · b', killer: null },
    ]);
  });

  test('ends when the check itself fails, and says on which mutant', async () => {
    const cause = new RangeError('too many states');
    const broken = (): never => {
      throw cause;
    };
    await expect(runMutants(mutants, broken, { equivalents: [] })).rejects.toMatchObject({
      message: "The check failed on the mutant 'pool · a', where the action a is dropped.",
      cause,
    });
  });

  test.each([
    ['has no reason', mutants, [{ id: 'pool · b', why: ' ' }]],
    ['Two equivalents have the same id', mutants, [harmless, harmless]],
    ['Two mutants have the same id', [...mutants, ...mutants], []],
  ])('refuses a list of which it is true: %s', async (problem, list, equivalents) => {
    await expect(runMutants(list, check, { equivalents })).rejects.toThrow(problem);
  });
});

describe('the report', () => {
  test('says what noticed how many, and what there is to do', async () => {
    const equivalents = [harmless, { id: 'pool · z', why: 'it was' }];
    expect(mutationText(await runMutants(mutants, check, { equivalents }))).toBe(
      `5 mutants: 3 killed, 1 survived, 1 equivalent. Score: 75 %.

pool  1 of 2   50 %
task  2 of 2  100 %

Killed by model:
  deadlock  2

Killed by scenario:
  runs  1

Survived, so nothing checks this:
  pool · c

Equivalent:
  pool · b: nobody listens

Listed as equivalent, but killed or unknown:
  pool · z

To do: check what survived, or say why it is equivalent; take what is not equivalent off the list.`,
    );
  });

  test('is short when there is nothing to do', async () => {
    const report = await runMutants(mutants.slice(3), check, { equivalents: [] });
    expect(mutationText(report)).toBe(
      `2 mutants: 2 killed, 0 survived, 0 equivalent. Score: 100 %.

task  2 of 2  100 %

Killed by scenario:
  runs  1

Killed by model:
  deadlock  1

Every mutant is noticed or known to be harmless.`,
    );
  });

  test('is a table with a row per machine', async () => {
    expect(mutationTable(await runMutants(mutants, check, { equivalents: [harmless] }))).toBe(
      `| machine | mutants | by model | by scenario | equivalent | survived |
| ------- | ------: | -------: | ----------: | ---------: | -------: |
| \`pool\`  |       3 |        1 |           0 |          1 |        1 |
| \`task\`  |       2 |        1 |           1 |          0 |        0 |
| all     |       5 |        2 |           1 |          1 |        1 |`,
    );
  });

  test('counts means that killed nothing if they are named', async () => {
    const report = await runMutants(mutants.slice(3), check, {
      equivalents: [],
      means: ['totality', 'model'],
    });
    expect(mutationTable(report)).toContain('| by totality | by model | by scenario |');
    expect(mutationText(report)).not.toContain('totality');
  });

  test('names what killed most, and counts the rest', async () => {
    const many = Array.from({ length: 13 }, (_, index) => ({ id: `lamp · ${index}`, of: 'lamp', what: '' }));
    const byAnother = ({ id }: { id: string }): Killer => ({ means: 'scenario', by: id.replace('12', '11') });
    const text = mutationText(await runMutants(many, byAnother, { equivalents: [] }));
    expect(text).toContain('Killed by scenario:\n  lamp · 11  2\n  lamp · 0   1\n');
    expect(text).toContain('\n  and 2 more\n');
  });

  test('calls only all of them 100 %', () => {
    const report: MutationReport = {
      killed: [],
      survived: [],
      equivalent: [],
      staleEquivalents: [],
      score: 1_999 / 2_000,
      machines: [{ name: 'a', mutants: 3, killed: 0, means: {}, equivalent: 3, survived: 0 }],
    };
    expect(mutationText(report)).toContain('Score: 99.9 %');
    expect(mutationText(report)).toContain('0 of 0  100 %');
    expect(mutationTable(report).split('\n')).toHaveLength(3);
  });
});
