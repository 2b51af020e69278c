/** Classes made again of their text, and their instances, without any constructor being run. */
import { describe, expect, test } from 'vitest';
import type { ClassNode, GraphNode } from '../../../src/codec/closure/wire.ts';
import { cell, type Made, type MadeClass, only, rebuilder, unit } from './rebuild-samples.ts';

const animal = unit(
  'class Animal { constructor(n) { this.name = n; } speak() { return this.name; }' +
    ' static kind() { return "any"; } }',
);
const dog = unit(
  'class Dog extends ($troupeSuper) { speak() { return super.speak() + " barks"; }' +
    ' static kind() { return super.kind() + " dog"; } }',
);
const hierarchy: readonly GraphNode[] = [
  { k: 'class', id: 'Dog', code: dog.id, name: 'Dog', superclass: [1] },
  { k: 'class', id: 'Animal', code: animal.id, name: 'Animal' },
];

describe('a class', () => {
  test('extends another, sent behind it', () => {
    const Dog = only<MadeClass>(rebuilder([animal, dog]), hierarchy);
    expect([new Dog('Rex').speak(), Dog.kind(), Dog.name]).toEqual(['Rex barks', 'any dog', 'Dog']);
    expect(() => Dog()).toThrow('without');
  });

  test('extends null, builtins and functions', () => {
    const code = unit('class A extends ($troupeSuper) { static is() { return 1; } }');
    const old = unit('function Old() { this.old = true; }');
    const make = (superclass: ClassNode['superclass'], more: readonly GraphNode[] = []): MadeClass =>
      only<MadeClass>(rebuilder([code, old]), [
        {
          k: 'class',
          id: 'A',
          code: code.id,
          name: 'A',
          ...(superclass === undefined ? {} : { superclass }),
        },
        ...more,
      ]);
    const OfNull = make(null);
    expect([Object.getPrototypeOf(OfNull.prototype), OfNull.is()]).toEqual([null, 1]);
    const OfOld = make([1], [{ k: 'function', code: old.id, name: 'Old' }]);
    expect(new OfOld()).toMatchObject({ old: true });
  });

  test('has statics, computed keys, and what was put on its prototype', () => {
    const code = unit('class A { [$troupeKeys[0]]() { return 1; } get [$troupeKeys[1]]() { return 2; } ; }');
    const added = unit('function () { return 3; }');
    const symbol = Symbol.for('a key');
    const A = only<MadeClass & { length: number }>(rebuilder([code, added]), [
      {
        k: 'class',
        id: 'A',
        code: code.id,
        name: 'A',
        keys: [[1], 'two'],
        properties: ['count', 7, 'name', 'my own name'],
        special: [{ key: 'length', value: 9 }],
        prototype: { properties: ['three', [2]], special: [{ key: 'four', value: 4 }] },
      },
      { k: 'symbol', key: 'a key' },
      { k: 'function', code: added.id, name: 'three' },
    ]);
    const a = new A();
    expect([(Reflect.get(a, symbol) as Made)(), a.two, a.three(), a.four]).toEqual([1, 2, 3, 4]);
    expect([A.count, A.name, A.length, Object.keys(A.prototype)]).toEqual([7, 'my own name', 9, ['three']]);
  });

  test('has an instance whose constructor was not run', () => {
    const code = unit('class A { constructor() { throw new Error("was run"); } }');
    const [a, A] = only<[object, MadeClass]>(rebuilder([code]), [
      { k: 'array', items: [[1], [2]] },
      { k: 'object', proto: ['prototype', [2]], properties: ['constructor', 1, '__proto__', 2, 'self', [1]] },
      { k: 'class', id: 'A', code: code.id, name: 'A' },
    ]);
    expect(a).toBeInstanceOf(A);
    expect(Object.entries(a)).toEqual([
      ['constructor', 1],
      ['__proto__', 2],
      ['self', a],
    ]);
  });

  test('may extend Map, Array and Error, whose methods it overrides', () => {
    const code = unit(
      'class A extends ($troupeSuper) { set() { throw new Error("was run"); }' +
        ' push() { throw 1; } set x(_) { throw 1; } }',
    );
    const make = (name: string, node: GraphNode): Made =>
      only(rebuilder([code]), [
        node,
        { k: 'class', id: 'A', code: code.id, name: 'A', superclass: [2] },
        { k: 'global', path: [name] },
      ]);
    const proto = ['prototype', [1]] as const;
    const map = make('Map', { k: 'map', items: ['a', [0]], proto, properties: ['x', 1] });
    expect([map.get('a') === map, map.x, map instanceof Map]).toEqual([true, 1, true]);
    const list = make('Array', { k: 'array', items: [1, ['hole'], 3, ['hole']], proto });
    expect([list.length, Object.keys(list), Array.isArray(list)]).toEqual([4, ['0', '2'], true]);
    const error = make('Error', {
      k: 'error',
      proto,
      stack: 'the stack',
      special: [{ key: 'message', value: 'm' }],
    });
    expect([error.message, error.stack, Object.keys(error)]).toEqual(['m', 'the stack', []]);
  });
});

describe('a class that comes again', () => {
  const code = unit(`class A { get() { return ${cell('n')}; } m() { return 1; } ; }`, { cells: ['n'] });
  const nodes = (n: number, extras: Partial<ClassNode> = {}): GraphNode[] => [
    { k: 'class', id: 'A', code: code.id, name: 'A', cells: [1], ...extras },
    { k: 'cell', value: n },
  ];

  test('is the same, with new values', () => {
    const made = rebuilder([code]);
    const A = only<MadeClass>(
      made,
      nodes(1, { properties: ['count', 1, 'gone', 1], prototype: { properties: ['old', 1] } }),
    );
    const a = new A();
    Object.assign(A, { count: 5, added: true });
    Object.assign(A.prototype, { m: () => 2 });
    Object.setPrototypeOf(A, Map);
    expect(only(made, nodes(2, { properties: ['count', 2] }))).toBe(A);
    expect([a.get(), a.m(), A.count, Object.keys(A), Object.keys(A.prototype)]).toEqual([
      2,
      1,
      2,
      ['count'],
      [],
    ]);
    expect(Object.getPrototypeOf(A)).toBe(Function.prototype);
    expect(a).toBeInstanceOf(A);
    expect([made.knownTypes.idOfClass(A), made.knownTypes.classById('A')]).toEqual(['A', A]);
  });

  test('is the same for its subclasses and instances', () => {
    const made = rebuilder([animal, dog]);
    const instance: readonly GraphNode[] = [
      ...hierarchy,
      { k: 'object', proto: ['prototype', [0]], properties: ['name', 'Rex'] },
    ];
    const first = only(made, instance, [2]);
    const second = only(made, instance, [2]);
    const Dog = only<MadeClass>(made, [{ k: 'knownClass', id: 'Dog' }]);
    expect([first, second].map((each) => each instanceof Dog && each.speak())).toEqual([
      'Rex barks',
      'Rex barks',
    ]);
    expect(Object.getPrototypeOf(Dog)).toBe(only(made, [{ k: 'knownClass', id: 'Animal' }]));
  });

  test('gets the superclass anew if that is a function', () => {
    const old = unit('function Old() { this.n = n; }', { variables: ['n'] });
    const made = rebuilder([dog, old]);
    const send = (n: number): MadeClass =>
      only<MadeClass>(made, [
        { k: 'class', id: 'Dog', code: dog.id, name: 'Dog', superclass: [1] },
        { k: 'function', code: old.id, name: 'Old', values: [n] },
      ]);
    const Dog = send(1);
    expect([send(2) === Dog, new Dog().n]).toEqual([true, 2]);
    expect(new Dog()).toBeInstanceOf(Object.getPrototypeOf(Dog));
  });

  test('is made anew if it was frozen, or has another text', () => {
    const made = rebuilder([code, animal]);
    const frozen = nodes(1, { integrity: 'frozen', properties: ['count', 1] });
    const A = only(made, frozen);
    const B = only(made, frozen);
    expect([Object.isFrozen(A), A === B, B.count, made.knownTypes.idOfClass(A)]).toEqual([
      true,
      false,
      1,
      'A',
    ]);
    const Other = only<MadeClass>(made, [{ k: 'class', id: 'A', code: animal.id, name: 'A' }]);
    expect(new Other('n').name).toBe('n');
  });
});

describe('private members', () => {
  const base = unit(
    'class Base { static { $troupeHatch.fields(this, (o, v) => { if ("a" in v) o.#a = v["a"]; }); }' +
      ' #a = $troupeHatch.on ? undefined : (run("#a"));' +
      ' open = $troupeHatch.on ? undefined : (run("open"));' +
      ' constructor() { if ($troupeHatch.on) { return; } run("Base"); }' +
      ' #secret() { return this.#a; } a() { return this.#secret(); } static has(o) { return #a in o; } }',
  );
  const derived = unit(
    'class Derived extends ($troupeSuper) { static {' +
      ' $troupeHatch.fields(this, (o, v) => { if ("b" in v) o.#b = v["b"]; }); }' +
      ' #b = $troupeHatch.on ? undefined : (run("#b")); both() { return [this.a(), this.#b]; }' +
      ' constructor() { if ($troupeHatch.on) { super(); return; } super(); run("Derived"); } }',
  );
  const classes: readonly GraphNode[] = [
    { k: 'class', id: 'Derived', code: derived.id, name: 'Derived', superclass: [1] },
    { k: 'class', id: 'Base', code: base.id, name: 'Base' },
  ];
  const instance: GraphNode = {
    k: 'object',
    proto: ['prototype', [0]],
    privates: [
      { of: [1], members: ['a', [2]] },
      { of: [0], members: ['b', 2] },
    ],
    properties: ['x', 1],
    integrity: 'frozen',
  };

  type Instance = Made & { constructor: MadeClass };

  test('of a hierarchy are set, and nothing of it is run', () => {
    const made = rebuilder([base, derived]);
    const first = only<Instance>(made, [...classes, instance], [2]);
    const second = only<Instance>(made, [...classes, instance], [2]);
    for (const each of [first, second]) {
      expect([each.both(), Object.keys(each), Object.isFrozen(each)]).toEqual([[each, 2], ['x'], true]);
      expect(each.constructor.name).toBe('Derived');
    }
    expect(first.constructor).toBe(second.constructor);
    expect(() => new first.constructor()).toThrow('run is not defined');
    expect((Object.getPrototypeOf(first.constructor) as Made).has(second)).toBe(true);
  });

  test('of a class that extends Map or a class without any are set', () => {
    const made = rebuilder([derived, animal]);
    const ofMap = only(
      made,
      [
        { k: 'class', id: 'Derived', code: derived.id, name: 'Derived', superclass: [1] },
        { k: 'global', path: ['Map'] },
        { k: 'map', items: [1, 2], proto: ['prototype', [0]], privates: [{ of: [0], members: ['b', 5] }] },
      ],
      [2],
    );
    Object.assign(ofMap, { a: () => 4 });
    expect([ofMap.both(), [...ofMap]]).toEqual([[4, 5], [[1, 2]]]);
  });

  test('that are static are set', () => {
    const code = unit(
      'class A { static { $troupeHatch.statics(this, (values) => {' +
        ' if ("n" in values) this.#n = values["n"]; }); }' +
        ' static #n = 0; static next() { return ++this.#n; } }',
    );
    const made = rebuilder([code]);
    const send = (n: number): Made =>
      only(made, [{ k: 'class', id: 'A', code: code.id, name: 'A', privateStatics: ['n', n] }]);
    expect([send(4).next(), send(9).next()]).toEqual([5, 10]);
  });

  test('of a class that has none are refused', () => {
    const nodes: GraphNode[] = [
      { k: 'object', privates: [{ of: [1], members: ['a', 1] }] },
      { k: 'class', id: 'Animal', code: animal.id, name: 'Animal' },
    ];
    expect(() => only(rebuilder([animal]), nodes)).toThrow('lets nobody set');
  });
});
