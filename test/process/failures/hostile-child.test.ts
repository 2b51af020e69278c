/** A child that forges what captured values look like cannot make the parent run code, crash or change. */
import { ProtocolError, WorkerLostError } from 'troupe';
import { describe, expect, test } from 'vitest';
import { returnGraph, sendMessages } from '../../fixtures/jobs/forges.mjs';
import { openPool } from '../../helpers/open-pool.ts';
import { thrownBy } from '../../helpers/rejection-of.ts';

const marker = 'troupeWasTakenOver';
const unit = { text: `() => { globalThis.${marker} = true; }`, form: 'arrow', variables: [], cells: [] };

const attacks: readonly [what: string, graph: unknown][] = [
  ['a function', { nodes: [{ k: 'function', code: 'x', name: 'f' }], roots: [[0]], units: [unit] }],
  ['a class', { nodes: [{ k: 'class', id: 'a.1', code: 'x', name: 'A' }], roots: [[0]] }],
  [
    'an import',
    { nodes: [{ k: 'module', specifier: 'node:fs', name: 'default', from: null }], roots: [[0]] },
  ],
  ['a CommonJS module', { nodes: [{ k: 'commonjs', file: '/etc/hostname', name: null }], roots: [[0]] }],
  ['eval', { nodes: [{ k: 'global', path: ['eval'] }], roots: [[0]] }],
  ['the Function constructor', { nodes: [{ k: 'global', path: ['Function'] }], roots: [[0]] }],
  ['a bound function', { nodes: [{ k: 'bound', target: [0], boundThis: null, args: [] }], roots: [[0]] }],
  ['a class nobody sent', { nodes: [{ k: 'knownClass', id: 'somebody.1' }], roots: [['prototype', [0]]] }],
  ['a serializer nobody registered', { nodes: [{ k: 'registered', type: 'Matrix', data: 1 }], roots: [[0]] }],
  [
    'a getter',
    {
      nodes: [
        { k: 'object', special: [{ key: 'x', get: [1] }] },
        { k: 'function', code: 'x', name: 'x' },
      ],
      roots: [[0]],
    },
  ],
  ['a node that is not there', { nodes: [], roots: [[7]] }],
  ['bytes that are not there', { nodes: [{ k: 'buffer', bytes: 3 }], roots: [[0]] }],
  ['no graph at all', 'graph'],
  ['nothing', null],
];

describe('a child that forges', () => {
  test.each(attacks)('%s is replaced, and its task fails', async (_what, graph) => {
    const pool = openPool();
    const error = await thrownBy(pool.submit(returnGraph, graph));
    expect(error).toBeInstanceOf(WorkerLostError);
    expect((error as WorkerLostError).cause).toBeInstanceOf(ProtocolError);
    expect(globalThis).not.toHaveProperty(marker);
    expect(await pool.submit((x: number) => x + 1, 1)).toBe(2);
  });

  test('an object with keys of prototypes changes nothing else', async () => {
    const pool = openPool();
    const properties = ['__proto__', [1], 'constructor', [1]];
    const graph = {
      nodes: [
        { k: 'object', properties },
        { k: 'object', properties: ['bad', 1] },
      ],
      roots: [[0]],
    };
    const result = (await pool.submit(returnGraph, graph)) as object;
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Reflect.ownKeys(result)).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('bad');
  });
});

const lies: readonly [what: string, message: unknown[], stdio: 'capture' | 'ignore'][] = [
  ['a pulse that is no number', ['pulse', 'fast', 1, 1], 'ignore'],
  ['a pulse below zero', ['pulse', 1, -1, 1], 'ignore'],
  ['a pulse without facts', ['pulse'], 'ignore'],
  ['output of a task it does not have', ['output', 999, 1, 1, 'text'], 'capture'],
  ['output of another attempt', ['output', 1, 7, 1, 'text'], 'capture'],
  ['output of no task at all', ['output', null, null, 1, 'text'], 'capture'],
  ['output of another descriptor', ['output', 0, 0, 3, 'text'], 'capture'],
  ['output that is no text', ['output', 0, 0, 1, { length: 1 }], 'capture'],
  ['output that is not captured', ['output', 0, 0, 1, 'text'], 'ignore'],
];

describe('a child that sends', () => {
  test.each(lies)('%s is replaced, and its task fails', async (_what, message, stdio) => {
    const pool = openPool({ stdio });
    const heard: unknown[] = [];
    pool.on('workerOutput', (output) => heard.push(output));
    const error = await thrownBy(pool.submit(sendMessages, [message], false));
    expect(error).toBeInstanceOf(WorkerLostError);
    expect((error as WorkerLostError).cause).toBeInstanceOf(ProtocolError);
    expect(heard).toEqual([]);
    expect(await pool.submit((x: number) => x + 1, 1)).toBe(2);
    expect(pool.workers[0]?.id).toBe(2);
  });

  test('answers that nobody asked for changes nothing', async () => {
    const pool = openPool({ unresponsiveAfterMs: 60_000 });
    expect(await pool.submit(sendMessages, [['pong'], ['pong'], ['pulse', 1e300, 0, 0]], true)).toBe('ended');
    expect(pool.workers[0]).toMatchObject({ id: 1, isResponsive: true, eventLoopLagMs: 1e300 });
  });
});
