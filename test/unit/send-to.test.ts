/** XState's `sendTo`, compiled to the command `tell`. */
import { describe, expect, test } from 'vitest';
import { createMachine, forwardTo, sendParent, sendTo, setup } from 'xstate';
import { type Command, compile, CompileError, type MachineEvent } from '../../src/runtime/compile.ts';
import { readAddress } from '../../src/runtime/address.ts';

// The types want a machine that all of these belong to.
const send = sendTo as unknown as (to: unknown, event: unknown, options?: unknown) => unknown;

function asksFor(action: unknown, event: MachineEvent = { type: 'go' }, actions: object = {}): Command[] {
  const config = {
    id: 'client',
    context: { owner: 3, word: 'hi' },
    initial: 'busy',
    states: { busy: { on: { '*': { actions: action } } } },
  };
  const machine = compile(createMachine(config as never, { actions } as never));
  const outbox: Command[] = [];
  machine.step(machine.start(undefined, []), event, outbox);
  return outbox;
}

const tell = (to: string, id: number, event: object): Command => ({
  type: 'tell',
  params: { to, id, event },
});

interface Facts {
  readonly context: { readonly owner: number; readonly word: string };
  readonly event: MachineEvent & { readonly from?: string };
}

describe('sendTo', () => {
  test('names the only one of its kind, or one of several', () => {
    expect(asksFor(send('server', { type: 'hi' }))).toEqual([tell('server', 0, { type: 'hi' })]);
    expect(asksFor(send('server:12', { type: 'hi' }))).toEqual([tell('server', 12, { type: 'hi' })]);
  });

  test('computes target and event from the facts', () => {
    const target = ({ context }: Facts): string => `client:${context.owner}`;
    const event = ({ context }: Facts): object => ({ type: 'say', word: context.word });
    expect(asksFor(send(target, event))).toEqual([tell('client', 3, { type: 'say', word: 'hi' })]);
    const back = ({ event: { from } }: Facts): string => from ?? '';
    expect(asksFor(send(back, { type: 'hi' }), { type: 'go', from: 'client:2' } as never)).toEqual([
      tell('client', 2, { type: 'hi' }),
    ]);
  });

  test('takes params when it has a name', () => {
    const actions = { greet: send((_: Facts, params: { to: string }) => params.to, { type: 'hi' }) };
    expect(asksFor({ type: 'greet', params: { to: 'door:1' } }, undefined, actions)).toEqual([
      tell('door', 1, { type: 'hi' }),
    ]);
  });

  test('forwards', () => {
    expect(asksFor(forwardTo('server'), { type: 'go', n: 7 } as never)).toEqual([
      tell('server', 0, { type: 'go', n: 7 }),
    ]);
  });

  test('that never changes is one frozen command', () => {
    const machine = compile(createMachine({ on: { go: { actions: send('server', { type: 'hi' }) } } }));
    const instance = machine.start(undefined, []);
    const outbox: Command[] = [];
    machine.step(instance, { type: 'go' }, outbox);
    machine.step(instance, { type: 'go' }, outbox);
    expect(outbox[0]).toBe(outbox[1]);
    expect(Object.isFrozen(outbox[0])).toBe(true);
  });

  test('works in setup()', () => {
    const machine = compile(
      setup({
        types: { context: {} as { owner: number }, events: {} as { type: 'go' } },
        actions: { greet: sendTo(({ context }) => `client:${context.owner}`, { type: 'hi' }) },
      }).createMachine({ context: { owner: 2 }, on: { go: { actions: 'greet' } } }),
    );
    const outbox: Command[] = [];
    machine.step(machine.start(undefined, []), { type: 'go' }, outbox);
    expect(outbox).toEqual([tell('client', 2, { type: 'hi' })]);
  });
});

describe('what is refused', () => {
  test.each([
    [
      sendParent({ type: 'hi' }),
      "sendParent, which knows no name: say whom it is for, as sendTo('server', …)",
    ],
    [
      send('server', { type: 'hi' }, { delay: 10 }),
      'sendTo with a delay: wait in a state with `after`, and send then',
    ],
    [
      send('server:0', { type: 'hi' }),
      "sendTo with 'server:0' as its target: name a machine, 'server' or 'server:2'",
    ],
    [send('#_internal', { type: 'hi' }), "sendTo with '#_internal' as its target: name a machine"],
    [send({ send: () => undefined }, { type: 'hi' }), 'sendTo with an actor as its target: name a machine'],
    [send('server', 'hi'), 'sendTo without an event object'],
  ])('when it is compiled: %#', (action, problem) => {
    expect(() => asksFor(action)).toThrow(CompileError);
    expect(() => asksFor(action)).toThrow(
      `Machine 'client' cannot be compiled: state 'busy' uses ${problem}`,
    );
  });

  test('when it is run: a computed target that is no name', () => {
    expect(() => asksFor(send(() => 'a:b', { type: 'hi' }))).toThrow("sendTo with 'a:b' as its target");
    expect(() => asksFor(send(() => undefined, { type: 'hi' }))).toThrow(
      "sendTo with a value of type undefined as its target: it must be 'server' or 'server:2'.",
    );
    expect(() => asksFor(send('server', () => 'hi'))).toThrow('not an event object');
  });
});

test.each([
  ['server', { to: 'server', id: 0 }],
  ['server:2', { to: 'server', id: 2 }],
  ['', undefined],
  ['server:', undefined],
  ['server:-1', undefined],
  ['server:02', undefined],
  ['a:b:1', undefined],
  ['#_parent', undefined],
])('the address %s', (text, address) => {
  expect(readAddress(text)).toEqual(address);
});
