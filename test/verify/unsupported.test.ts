/** What the checker cannot explore is refused by name: the machine, the state, and what to write instead. */
import { describe, expect, test } from 'vitest';
import {
  assign,
  createMachine,
  emit,
  enqueueActions,
  log,
  sendParent,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { check, events, model, type Model, VerifyError } from '../../src/verify/index.ts';

const only = (config: object): Model =>
  model({
    name: 'odd',
    machines: { clerk: createMachine(config as never) },
    scope: {},
    topology: () => ({ members: [{ kind: 'clerk' }] }),
    environment: () => events([{ name: 'go', to: 'clerk', event: { type: 'go' }, times: 2 }]),
  });

const busy = (config: object): Model =>
  only({ initial: 'busy', states: { busy: { tags: 'rest', ...config } } });
const inContext = (value: unknown): Model =>
  busy({ on: { go: { actions: assign({ found: () => value }) } } });

function refusalOf(subject: Model): VerifyError {
  try {
    check(subject);
  } catch (error) {
    if (error instanceof VerifyError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('what a definition uses', () => {
  test.each([
    ['invoke', busy({ invoke: { src: 'load' } }), 'named in the topology, and let the two talk with sendTo'],
    ['xstate.spawnChild', busy({ entry: spawnChild('it' as never) }), 'named in the topology'],
    ['the inline function', busy({ entry: () => undefined }), 'Name it in setup({ actions })'],
    [
      'enqueueActions',
      busy({ entry: enqueueActions(() => {}) }),
      'one transition for each case, with a guard',
    ],
    ['xstate.log', busy({ entry: log('hi') }), 'Leave it out'],
    ['xstate.emit', busy({ entry: emit({ type: 'hi' }) }), 'Leave it out'],
    ['sendParent', busy({ entry: sendParent({ type: 'hi' }) }), 'say whom it is for'],
    [
      'sendTo with a delay',
      busy({ entry: sendTo('clerk', { type: 'go' }, { delay: 5 }) }),
      'wait in a state with `after`',
    ],
    ['not implemented', busy({ on: { go: { guard: 'isThere' } } }), 'Implement it in setup().'],
  ])('%s', (what, subject, remedy) => {
    const { message } = refusalOf(subject);
    expect(message).toContain("Machine 'clerk' cannot be explored: state 'busy' uses ");
    expect(message).toContain(what);
    expect(message).toContain(remedy);
  });

  test.each([
    ['a parallel state', { type: 'parallel', states: { one: {}, other: {} } }, 'Make each region a machine'],
    ['a final root', { type: 'final' }, 'Put the final state inside the root.'],
  ])('%s', (what, config, remedy) => {
    const { message } = refusalOf(only(config));
    expect(message).toContain(`Machine 'clerk' cannot be explored: its root uses ${what}`);
    expect(message).toContain(remedy);
  });

  test('a history state', () => {
    const { message } = refusalOf(
      only({ initial: 'busy', states: { busy: {}, before: { type: 'history' } } }),
    );
    expect(message).toContain("state 'before' uses a history state");
    expect(message).toContain('Keep in context where it was');
  });
});

describe('what stands in the context', () => {
  class Card {
    readonly suit = 'hearts';
  }

  test.each([
    ['a Map', new Map()],
    ['a Date', new Date(0)],
    ['a Card', new Card()],
    ['the number NaN', Number.NaN],
    ['the number Infinity', Infinity],
    ['a function', (): void => {}],
    ['a bigint', 1n],
  ])('%s', (what, value) => {
    expect(refusalOf(inContext({ list: [value] })).message).toBe(
      `Machine 'clerk', state 'busy': context.found.list[0] is ${what}. The checker compares contexts and ` +
        'events as JSON: keep plain objects, lists, strings, booleans and finite numbers there.',
    );
  });

  test('or in a message', () => {
    const subject = busy({
      on: { go: { actions: sendTo('clerk', () => ({ type: 'go', at: new Date(0) })) } },
    });
    expect(refusalOf(subject).message).toContain("Machine 'clerk', state 'busy': go.at is a Date.");
  });
});

describe('what a guard, an assign or params does', () => {
  let calls = 0;
  const where = "Machine 'clerk', state 'busy', event 'go': a guard, an assign or params ";
  const remedy =
    'so the same step could go two ways. Put the value into the event, or ask for it with a command.';

  test.each([
    ['called Math.random()', () => Math.random()],
    ['called Date.now()', () => Date.now()],
    ['called new Date()', () => new Date().getTime()],
    ['called Date()', () => Date()],
    ['called performance.now()', () => performance.now()],
    ['read or changed something other than context and event, or changed them in place', () => (calls += 1)],
  ])('%s', (what, value) => {
    const assigns = busy({ on: { go: { actions: assign({ found: value }) } } });
    expect(refusalOf(assigns).message).toBe(`${where}${what}, ${remedy}`);
    expect(Math.random()).toBeLessThan(1);
    expect(new Date().getTime()).toBeGreaterThan(0);
  });

  test('a guard that rolls a die', () => {
    const subject = busy({ on: { go: { guard: () => Math.random() < 0.5 } } });
    expect(refusalOf(subject).message).toBe(`${where}called Math.random(), ${remedy}`);
  });

  test('a list that is changed in place', () => {
    const subject = only({
      context: { list: [] },
      tags: 'rest',
      on: {
        go: {
          actions: assign({
            list: ({ context }: never) => Object(context).list.concat(Object(context).list.push(1)) as never,
          }),
        },
      },
    });
    expect(refusalOf(subject).message).toContain('changed them in place');
  });

  test('a dice roll at the start', () => {
    expect(refusalOf(only({ context: () => ({ at: Date.now() }) })).message).toBe(
      `Machine 'clerk', its start: a guard, an assign or params called Date.now(), ${remedy}`,
    );
  });

  test.each([
    ['spawn', { found: ({ spawn }: { spawn: unknown }) => spawn }],
    ['self', { found: ({ self }: { self: unknown }) => self }],
  ])('reaching for %s', (what, assigned) => {
    const { message } = refusalOf(busy({ on: { go: { actions: assign(assigned as never) } } }));
    expect(message).toContain(where.replace(' a guard', ' a guard').trimEnd());
    expect(message).toContain(what);
  });

  test('a fixed date is no clock', () => {
    const dated = busy({ on: { go: { actions: assign({ found: () => new Date(86_400_000).getTime() }) } } });
    expect(check(dated)).toMatchObject({ verdict: 'passed' });
  });
});

test('mail to a machine that is not there names the sender and those that are', () => {
  expect(refusalOf(busy({ on: { go: { actions: sendTo('server', { type: 'hi' }) } } })).message).toBe(
    "clerk sends hi to 'server', but no machine is called so: there is 'clerk'.",
  );
});

test('the name of a symmetric member as text is refused: it would not be exchanged', () => {
  const peer = createMachine({
    tags: 'rest',
    context: ({ input }: { input: { other: string } }) => ({ other: input.other }),
  } as never);
  const peers = (isSymmetric: boolean): Model =>
    model({
      name: 'peers',
      machines: { peer },
      scope: {},
      topology: () => ({
        members: [
          { kind: 'peer', id: 1, input: { other: 'peer:2' } },
          { kind: 'peer', id: 2, input: { other: 'peer:1' } },
        ],
        sorts: { peer: { count: 2, isSymmetric, fields: ['other'] } },
        kinds: { peer: 'peer' },
      }),
    });
  expect(check(peers(false))).toMatchObject({ verdict: 'passed' });
  expect(refusalOf(peers(true)).message).toMatch(
    /^The text "peer:2" stands in \{.*\}\. Members of 'peer' are symmetric, so their ids must/u,
  );
});

test('more than eight `eventually` are refused before the search', () => {
  const many = model({
    ...only({}),
    properties: () =>
      Array.from({ length: 9 }, (_, at) => ({
        kind: 'eventually' as const,
        name: `${at}`,
        holds: () => true,
      })),
  });
  expect(refusalOf(many).message).toContain('more than 8 `eventually` properties');
});

test('`after` is no clock: its timers are moves', () => {
  const machine = setup({ delays: { soon: 10 } }).createMachine({
    initial: 'waiting',
    states: { waiting: { after: { soon: 'done' } }, done: { type: 'final' } },
  });
  const subject = model({
    name: 'patience',
    machines: { machine },
    scope: {},
    topology: () => ({ members: [{ kind: 'machine' }] }),
  });
  expect(check(subject)).toMatchObject({ verdict: 'passed', states: 2, moves: { 'timer of machine': 1 } });
});
