/** Which mutations there are of which transition, and which are left out since nothing could notice them. */
import { describe, expect, test } from 'vitest';
import { and, assign, cancel, raise } from 'xstate';
import { idsOf, machineWith, mutantCalled, walk } from '../../helpers/mutants.ts';

describe('no mutant is made of', () => {
  test('a candidate behind one without a guard', () => {
    const ids = idsOf(machineWith({ a: { on: { go: [{ target: 'b' }, { guard: () => true }] } }, b: {} }));
    expect(ids.filter((id) => id.includes('go[1]'))).toEqual([]);
  });

  test('a drop of an event that is ignored anyhow', () => {
    const ignoring = { meta: { ignores: { go: 'for a reason' } }, on: { go: { actions: [] } } };
    expect(idsOf(machineWith({ a: ignoring }))).toEqual([]);
  });

  test('a guard of such a drop', () => {
    const ignoring = {
      meta: { ignores: { go: 'for a reason' } },
      on: { go: { guard: () => true, actions: [] } },
    };
    expect(idsOf(machineWith({ a: ignoring }))).toEqual([]);
  });

  test.each([
    ['nobody says that it is ignored', { a: { on: { go: { actions: [] } } } }, {}],
    [
      'a state around takes it',
      { a: { meta: { ignores: { go: 'so' } }, on: { go: { actions: [] } } } },
      { on: { go: {} } },
    ],
    [
      'a wildcard takes it',
      { a: { meta: { ignores: { go: 'so' } }, on: { go: { actions: [] } } } },
      { on: { 'go.*': { target: '.a' } } },
    ],
    [
      'the catch-all does more than report it',
      { a: { meta: { ignores: { go: 'so' } }, on: { go: { actions: [] } } } },
      { on: { '*': { actions: 'count' } } },
    ],
  ])('a drop, unless %s', (_, states, root) => {
    expect(idsOf(machineWith(states, root))).toContain('it a · go · delete');
  });

  test('staying where it stays already', () => {
    const ids = idsOf(machineWith({ a: { on: { go: 'a', again: { target: 'a', reenter: true } } }, b: {} }));
    expect(ids).not.toContain('it a · go · drop target');
    expect(ids).toContain('it a · again · drop target');
  });

  test('what XState refuses, such as a target with a dot in its key', () => {
    expect(idsOf(machineWith({ a: { on: { go: 'b' } }, b: {}, 'c.d': {} }))).toEqual([
      'it · initial · to b',
      'it a · go · delete',
      'it a · go · drop target',
    ]);
  });
});

describe('a mutation reaches', () => {
  test('reenter where something happens at entry or exit', () => {
    const quiet = machineWith({ a: { on: { go: 'a' } }, b: {} });
    const loud = machineWith({
      a: { entry: 'count', on: { go: 'a', again: { target: 'a', reenter: true } } },
      b: {},
    });
    expect(idsOf(quiet).filter((id) => id.includes('reenter'))).toEqual([]);
    expect(idsOf(loud)).toEqual(
      expect.arrayContaining(['it a · go · reenter', 'it a · again · no reenter', 'it a · again · to b']),
    );
    const commandsOf = (id: string): string[] => walk(mutantCalled(loud, id), ['go', 'again']).commands;
    expect(walk(loud, ['go', 'again']).commands).toEqual(['count', 'count']);
    expect(commandsOf('it a · go · reenter')).toEqual(['count', 'count', 'count']);
    expect(commandsOf('it a · again · no reenter')).toEqual(['count']);
  });

  test('the order of two guards', () => {
    const both = [
      { guard: () => true, target: 'b' },
      { guard: () => true, target: 'c' },
    ];
    const machine = machineWith({ a: { on: { go: both } }, b: {}, c: {} });
    expect(walk(machine, ['go']).states).toEqual(['b']);
    expect(walk(mutantCalled(machine, 'it a · go[0] · swap with [1]'), ['go']).states).toEqual(['c']);
  });

  test("XState's own actions, several of one name, and those of an initial transition", () => {
    const machine = machineWith({
      a: {
        initial: { target: 'x', actions: ['count'] },
        states: { x: {} },
        on: {
          go: {
            actions: [
              raise({ type: 'more' }),
              raise({ type: 'late' }, { delay: 5, id: 'late' }),
              cancel('late'),
              assign({ done: true }),
              'count',
              'count',
            ],
          },
        },
      },
    });
    expect(idsOf(machine).filter((id) => id.includes('drop'))).toEqual([
      'it a · initial · drop count',
      'it a · go · drop raise more',
      'it a · go · drop raise late',
      'it a · go · drop cancel late',
      'it a · go · drop assign',
      'it a · go · drop count',
      'it a · go · drop count #2',
    ]);
  });

  test('always, timers in milliseconds and completions', () => {
    const machine = machineWith({
      a: { always: { guard: and([() => false]), target: 'b' }, after: { 50: { target: 'b' } } },
      b: { initial: 'c', onDone: 'a', states: { c: { type: 'final' } } },
    });
    expect(idsOf(machine)).toEqual(
      expect.arrayContaining([
        'it a · always · drop target',
        'it a · after 50 · drop target',
        'it b · onDone · drop target',
      ]),
    );
    const silent = walk(mutantCalled(machine, 'it a · after 50 · delete'), []);
    expect([walk(machine, []).commands, silent.commands]).toEqual([['setTimer'], []]);
  });

  test('the states beside the parent when none beside the target will do', () => {
    const machine = machineWith({
      a: { initial: 'x', states: { x: { on: { go: 'y' } }, y: {} } },
      b: {},
    });
    expect(idsOf(machine)).toContain('it a.x · go · to b');
  });
});
