/** Results of a process that is not trusted: what is no data is refused, and nothing changes by it. */
import { describe, expect, test } from 'vitest';
import { builtinsNow, expectSameBuiltins, make, of } from './rebuild-results.ts';

const symbol = { k: 'symbol', key: 'k' };
const object = { k: 'object' };
const hostile: readonly (readonly [string, unknown, (readonly Uint8Array[])?])[] = [
  ['no graph', null],
  ['an array', []],
  ['no nodes', { roots: [[0]] }],
  ['no root', { nodes: [object], roots: [] }],
  ['two roots', { nodes: [object], roots: [[0], [0]] }],
  ['a root that is not there', { nodes: [object], roots: [[1]] }],
  ['a hole as a root', { nodes: [], roots: [['hole']] }],
  ['a node that is text', of('object')],
  ['a node that is null', of(null)],
  ['no kind', of({})],
  ['an inherited kind', of({ k: 'toString' })],
  ['a kind that is a list', of({ k: ['object'] })],
  ...[
    { k: 'function', code: 'x', name: '' },
    { k: 'class', id: 'x', code: 'x', name: '' },
    { k: 'global', path: ['Function'] },
    { k: 'global', path: ['process', 'exit'] },
    { k: 'global', path: [['Error']] },
    { k: 'module', specifier: 'node:fs', name: 'default', from: null },
    { k: 'commonjs', file: '/x.cjs', name: null },
    { k: 'require', file: '/x.cjs' },
    { k: 'cell', value: 1 },
    { k: 'bound', target: [0], boundThis: null, args: [] },
    { k: 'promisified', target: [0] },
    { k: 'signal', index: 0 },
    { k: 'pool' },
  ].map((node) => [`code: ${JSON.stringify(node)}`, of(node)] as const),
  ['a getter', of({ ...object, special: [{ key: 'x', get: ['undefined'] }] })],
  ['a setter', of({ ...object, special: [{ key: 'x', value: 1, set: ['undefined'] }] })],
  ['a property without a value', of({ ...object, special: [{ key: 'x' }] })],
  ['a flag that is none', of({ ...object, special: [{ key: 'x', value: 1, writable: 1 }] })],
  ['a key that is a number', of({ ...object, properties: [1, 1] })],
  ['a key that is an object', of({ ...object, special: [{ key: [0], value: 1 }] })],
  ['a key without a value', of({ ...object, properties: ['x'] })],
  [
    'private members',
    of({ ...object, privates: [{ of: [1], members: [] }] }, { k: 'knownClass', id: 'Point' }),
  ],
  ['a field too many', of({ ...object, extra: 1 })],
  ['a field called __proto__', of(JSON.parse('{"k":"object","__proto__":{"properties":["a",1]}}'))],
  ['another integrity', of({ ...object, integrity: 'liquid' })],
  ['a prototype that is a primitive', of({ ...object, proto: 1 })],
  ['a prototype that is an array', of({ ...object, proto: [1] }, { k: 'array', items: [] })],
  ['a prototype of an object', of({ ...object, proto: ['prototype', [0]] })],
  [
    'a prototype of a prototype',
    of({ ...object, proto: ['prototype', ['prototype', [1]]] }, { k: 'knownClass', id: 'Point' }),
  ],
  ['an object that is its own prototype', of({ ...object, proto: [0] })],
  ['prototypes in a circle', of({ ...object, proto: [1] }, { ...object, proto: [0] })],
  [
    'a long chain of prototypes',
    of(
      ...Array.from({ length: 200 }, (_, index) => ({
        ...object,
        proto: index === 199 ? null : [index + 1],
      })),
    ),
  ],
  ['an unknown class', of({ k: 'knownClass', id: 'Nobody' })],
  ['an unknown class called like a method', of({ k: 'knownClass', id: '__proto__' })],
  ['an index that is negative', of({ k: 'array', items: [[-1]] })],
  ['an index that is no integer', of({ k: 'array', items: [[0.5]] })],
  ['an index that is text', of({ k: 'array', items: [['0']] })],
  ['a slot of too many parts', of({ k: 'array', items: [[0, 0]] })],
  ['a slot that is an object', of({ k: 'array', items: [{}] })],
  ['an unknown tag', of({ k: 'array', items: [['eval', 'x']] })],
  ['a number that is none', of({ k: 'array', items: [['number', '1']] })],
  ['a bigint that is none', of({ k: 'array', items: [['bigint', '1n']] })],
  ['a bigint of too many digits', of({ k: 'array', items: [['bigint', '1'.repeat(1_000_001)]] })],
  ['a hole outside of an array', of({ k: 'set', items: [['hole']] })],
  ['items that are no list', of({ k: 'array', items: { length: 1e9 } })],
  [
    'a very long array',
    of({ k: 'array', items: [], special: [{ key: 'length', value: 4_294_967_295, writable: true }] }),
  ],
  ['an array with an item far away', of({ k: 'array', items: [], properties: ['4294967294', 1] })],
  ['half an entry', of({ k: 'map', items: [1] })],
  ['a weak key that is no object', of({ k: 'weakMap', items: [1, 1] })],
  ['a weak key that is a symbol', of({ k: 'weakSet', items: [[1]] }, symbol)],
  ['a time that is text', of({ k: 'date', time: '2020' })],
  ['a wrong regular expression', of({ k: 'regexp', source: '(', flags: '' })],
  ['a very nested regular expression', of({ k: 'regexp', source: '('.repeat(200_000), flags: '' })],
  ['wrong flags', of({ k: 'regexp', source: 'a', flags: 'gg' })],
  ['a boxed object', of({ k: 'boxed', value: [1] }, object)],
  ['a boxed prototype', of({ k: 'boxed', value: ['prototype', [1]] }, { k: 'knownClass', id: 'Point' })],
  ['a property that a boxed string has', of({ k: 'boxed', value: 'ab', properties: ['0', 'c'] })],
  ['no URL', of({ k: 'url', text: 'nowhere' })],
  ['a stack that is none', of({ k: 'error', stack: 1 })],
  ['bytes that did not come', of({ k: 'buffer', bytes: 1 }), [new Uint8Array(8)]],
  [
    'a view outside of its buffer',
    of({ k: 'view', type: 'Uint8Array', buffer: [1], offset: 4, length: 8 }, { k: 'buffer', bytes: 0 }),
    [new Uint8Array(8)],
  ],
  [
    'a Buffer outside of its buffer',
    of({ k: 'view', type: 'Buffer', buffer: [1], offset: 9, length: 1 }, { k: 'buffer', bytes: 0 }),
    [new Uint8Array(8)],
  ],
  [
    'a view at an odd place',
    of({ k: 'view', type: 'Float64Array', buffer: [1], offset: 1, length: 0 }, { k: 'buffer', bytes: 0 }),
    [new Uint8Array(8)],
  ],
  [
    'a view that is no class of views',
    of({ k: 'view', type: 'Function', buffer: [1], offset: 0, length: 1 }, { k: 'buffer', bytes: 0 }),
    [new Uint8Array(8)],
  ],
  [
    'a view of an array',
    of({ k: 'view', type: 'Uint8Array', buffer: [1], offset: 0, length: 1 }, { k: 'array', items: [] }),
  ],
  ['a symbol that is a method', of({ k: 'symbol', wellKnown: 'for' })],
  ['a symbol of two names', of({ ...symbol, wellKnown: 'iterator' })],
  ['a decode function', of({ k: 'registered', type: 'Pair', data: 1, decode: [0] })],
  [
    'a registered value that holds itself',
    of({ k: 'registered', type: 'Pair', data: [1] }, { k: 'array', items: [[0]] }),
  ],
];

describe('refused is', () => {
  test.each(hostile.map(([why, ...rest]) => [why, rest] as const))('%s', (_, [graph, binaries = []]) => {
    const before = builtinsNow();
    let thrown: unknown;
    try {
      make(graph, binaries);
    } catch (error) {
      thrown = error;
    }
    expect(thrown instanceof TypeError || thrown instanceof RangeError, String(thrown)).toBe(true);
    expectSameBuiltins(before);
  });
});

test('many who hold themselves by many ways are refused in good time', () => {
  const count = 50_000;
  const all = { k: 'array', items: Array.from({ length: count }, (_, index) => [index + 1]) };
  const nodes = [all, ...Array.from({ length: count }, () => ({ k: 'registered', type: 'Pair', data: [0] }))];
  expect(() => make({ nodes, roots: [[0]] })).toThrow('holds that "Pair" again');
});
