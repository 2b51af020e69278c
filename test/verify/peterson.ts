/** Peterson's algorithm: two processes, two flags and a turn, and never both in the critical section. */
import { setup } from 'xstate';
import { always, eventually, model, type Model, sometimes } from '../../src/verify/index.ts';

export interface Memory {
  readonly flags: readonly [boolean, boolean];
  readonly turn: number;
}

interface Write {
  readonly flag?: boolean;
  readonly turn?: boolean;
}

/** `isHasty`: it writes the turn before its flag, which breaks the algorithm. */
const processMachine = (isHasty: boolean) =>
  setup({
    types: { events: {} as { type: 'step'; mayEnter: boolean } },
    guards: { mayEnter: ({ event }) => event.mayEnter },
    actions: { write: (_facts: unknown, _write: Write) => undefined },
  }).createMachine({
    initial: 'resting',
    states: {
      resting: {
        on: {
          step: {
            target: 'trying',
            actions: { type: 'write', params: isHasty ? { turn: true } : { flag: true } },
          },
        },
      },
      trying: {
        on: {
          step: {
            target: 'waiting',
            actions: { type: 'write', params: isHasty ? { flag: true } : { turn: true } },
          },
        },
      },
      waiting: { on: { step: [{ guard: 'mayEnter', target: 'critical' }, {}] } },
      critical: { on: { step: { target: 'resting', actions: { type: 'write', params: { flag: false } } } } },
    },
  });

export function peterson(isHasty: boolean): Model {
  return model({
    name: 'Peterson',
    machines: { process: processMachine(isHasty) },
    scope: {},
    topology: () => ({
      members: [
        { kind: 'process', id: 1 },
        { kind: 'process', id: 2 },
      ],
      records: { memory: null },
    }),
    environment: () => ({
      setup: (world) => world.put('memory', 0, { flags: [false, false], turn: 1 } satisfies Memory),
      moves: (_world, moves) => {
        for (const id of [1, 2]) moves.push({ name: `process ${id} steps`, kind: 'system', id, detail: 0 });
      },
      apply: (world, { id }) => {
        const { flags, turn } = world.get<Memory>('memory');
        world.tell('process', id, {
          type: 'step',
          mayEnter: flags[2 - id] === false || turn === id,
        } as never);
      },
      perform: (world, _kind, id, { params }) => {
        const { flag, turn } = params as Write;
        const memory = world.get<Memory>('memory');
        const [one, other] = memory.flags;
        world.put('memory', 0, {
          flags: id === 1 ? [flag ?? one, other] : [one, flag ?? other],
          turn: turn === true ? 3 - id : memory.turn,
        } satisfies Memory);
      },
      describe: (_world, { name }) => name,
    }),
    properties: () => [
      always('never both', (world) =>
        world.ids('process').some((id) => world.stateOf('process', id) !== 'critical'),
      ),
      sometimes('both wait', (world) =>
        world.ids('process').every((id) => world.stateOf('process', id) === 'waiting'),
      ),
      eventually('the first gets in', (world) => world.stateOf('process', 1) === 'critical'),
      eventually('the second gets in', (world) => world.stateOf('process', 2) === 'critical'),
    ],
  });
}
