/** What a listener to the steps of a system is told, and how it gets hold of a system that somebody makes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { setup } from 'xstate';
import { command } from '../../machines/commands.ts';
import { compile } from '../../src/runtime/compile.ts';
import { System, type SystemHost } from '../../src/runtime/system.ts';

const echo = setup({
  types: { context: {} as { name: string }, input: {} as { name: string }, events: {} as { type: 'call' } },
  actions: {
    tell: command<{ to: 'echo'; id: number; event: { type: 'call' } }>(),
    answer: command(),
    boot: command(),
  },
}).createMachine({
  id: 'echo',
  context: ({ input }) => input,
  entry: 'boot',
  on: {
    call: { actions: ['answer', { type: 'tell', params: { to: 'echo', id: 2, event: { type: 'call' } } }] },
  },
});

test('each step is told with its commands, before they are performed', () => {
  const log: unknown[] = [];
  const host: SystemHost = {
    perform: (_kind, id, { type }) => void log.push(`${id} ${type}`),
    onIdle: () => false,
    onLate: () => undefined,
    onUnexpected: () => undefined,
  };
  const listen = (system: unknown): void => {
    (system as System).onStep = (kind, id, event, commands) =>
      log.push([kind, id, event, commands.map(({ type }) => type)]);
  };
  subscribe('troupe:system', listen);
  const system = new System({ echo: compile(echo) }, host);
  unsubscribe('troupe:system', listen);

  system.create('echo', 1, { name: 'first' });
  system.tell('echo', 1, { type: 'call' });
  system.run();
  expect(log).toEqual([
    ['echo', 1, { type: 'xstate.init', input: { name: 'first' } }, ['boot']],
    '1 boot',
    ['echo', 1, { type: 'call' }, ['answer', 'tell']],
    '1 answer',
  ]);

  system.onStep = null;
  system.tell('echo', 1, { type: 'call' });
  system.run();
  expect(log.slice(4)).toEqual(['1 answer']);
});
