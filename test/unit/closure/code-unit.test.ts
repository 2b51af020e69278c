import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/codec/closure/source/analyze.ts';
import { makeUnit, type UnitChoices } from '../../../src/codec/closure/source/code-unit.ts';
import { applyEdits } from '../../../src/codec/closure/source/text-edits.ts';
import { needsCell } from '../../../src/codec/closure/source/variable-edits.ts';
import { type Made, made, nowhere, short, TestHatch, unitOf } from './made-code.ts';

describe('edits', () => {
  test('of several kinds at one place nest', () => {
    const edits = [
      { start: 2, end: 3, text: 'C' },
      { start: 0, end: 4, before: '<', after: '>' },
      { start: 2, end: 4, before: '[', after: ']' },
      { start: 3, end: 4, before: '(', after: ')' },
      { start: 4, end: 4, text: '+' },
      { start: 4, end: 6, before: '{', after: '}' },
      { start: 4, end: 6, text: 'E' },
      { start: 5, end: 6, text: 'dropped' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('<ab[C(d)]>+{E}');
    expect(applyEdits('abc', [])).toBe('abc');
  });
});

describe('a cell', () => {
  test.each([
    ['() => a + a.b + a?.b', '() => $a + $a.b + $a?.b'],
    ['() => ({ a, b: a, [a]: 1 })', '() => ({ a: $a, b: $a, [$a]: 1 })'],
    ['() => a() + a?.() + a.b() + new a()', '() => (0, $a)() + (0, $a)?.() + $a.b() + new $a()'],
    ['() => a`b ${a}`', '() => (0, $a)`b ${$a}`'],
    ['() => { b\na()\na`c`; if (b) a(); }', '() => { b\n;(0, $a)()\n;(0, $a)`c`; if (b) (0, $a)(); }'],
    ['() => { switch (b) { case a():\na() } }', '() => { switch (b) { case (0, $a)():\n;(0, $a)() } }'],
    ['() => typeof a + typeof a.b', '() => typeof $a + typeof $a.b'],
    ['() => { a = 1; a++; a ||= 2; [a] = a }', '() => { $a = 1; $a++; $a ||= 2; [$a] = $a }'],
    ['() => { ({ a, b: a, c: [a = 1] } = b) }', '() => { ({ a: $a, b: $a, c: [$a = 1] } = b) }'],
    ['() => { ({ a = a } = b) }', '() => { ({ a: $a = $a } = b) }'],
    ['() => { for (a of b); for (a in b); }', '() => { for ($a of b); for ($a in b); }'],
    ['() => { a = () => a }', '() => { $a = ({ a: () => $a }).a }'],
    ['() => { a = b = class {} }', '() => { $a = b = class {} }'],
    ['() => { (a) = () => {} }', '() => { ($a) = () => {} }'],
    ['() => { [a = class {}] = b }', '() => { [$a = ({ a: class {} }).a] = b }'],
    ['(b = a) => { { let a; a } a }', '(b = $a) => { { let a; a } $a }'],
    ['class A { m() { a } static b = a }', 'class A { m() { $a } ;            }'],
  ])('%s', (text, changed) => {
    expect(short(unitOf(text, { cells: ['a'] }).text)).toBe(changed);
  });

  test('of a variable that is called __proto__ is not a prototype', () => {
    const { value } = made('() => ({ __proto__ })', Object.fromEntries([['__proto__', 1]]));
    expect(typeof value).toBe('function');
    expect(short(unitOf('() => ({ __proto__ })', { cells: ['__proto__'] }).text)).toContain(
      "['__proto__']: ",
    );
  });

  test('gives what is called no `this`, and functions their names', () => {
    const self = function (this: unknown): unknown {
      return this;
    };
    const { value, cells } = made(
      '() => { const one = self()\nself`a`\nf = () => {}; g ??= function () {}; return [one, self?.()] }',
      { self, f: 1, g: null },
    );
    expect((value as () => unknown)()).toEqual([undefined, undefined]);
    expect([cells['f']?.v, cells['g']?.v]).toEqual([
      expect.objectContaining({ name: 'f' }),
      expect.objectContaining({ name: 'g' }),
    ]);
  });

  test('can have a name that nothing can declare', () => {
    const { value } = made('() => arguments[0]', { arguments: [1] });
    expect((value as () => unknown)()).toBe(1);
    expect(['arguments', 'eval', 'let', 'a'].map(needsCell)).toEqual([true, true, true, false]);
  });
});

describe('a unit', () => {
  test('has what a child needs', () => {
    const unit = unitOf('() => { a; b(import.meta, import(c)); }', {
      variables: ['b', 'c'],
      cells: ['a'],
      isStrict: false,
      url: 'file:///a.js',
      line: 3,
      column: 4,
      importMetaName: 'meta',
      dynamicImportName: 'load',
    });
    expect(unit).toMatchObject({
      form: 'arrow',
      variables: ['b', 'c'],
      cells: ['a'],
      isStrict: false,
      url: 'file:///a.js',
      line: 3,
      column: 4,
      usesImportMeta: true,
      usesDynamicImport: true,
      importMetaName: 'meta',
      dynamicImportName: 'load',
    });
    expect(short(unit.text)).toBe('() => { $a; b($meta, import(c)); }');
    expect(unitOf('get a() {}')).toMatchObject({ form: 'getter', key: 'a' });
    expect(unitOf('() => {}')).not.toHaveProperty('key');
  });

  test('is the same object for the same choices, and has another id for others', () => {
    const source = analyze('() => a + b');
    const first = makeUnit(source, { ...nowhere, cells: ['a'], variables: ['b'] });
    expect(makeUnit(source, { ...nowhere, cells: ['a'], variables: ['b'] })).toBe(first);
    const others: Partial<UnitChoices>[] = [
      { cells: ['b'], variables: ['a'] },
      { cells: ['a', 'b'] },
      { isStrict: false },
      { line: 1 },
      { column: 1 },
      { url: 'b.js' },
      { importMetaName: 'a' },
      { dynamicImportName: 'a' },
    ];
    const ids = others.map((other) => makeUnit(source, { ...nowhere, ...other }).id);
    expect(new Set([first.id, ...ids]).size).toBe(others.length + 1);
    expect(first.id).toMatch(/^[\w-]{16}$/u);
  });

  test.each([
    ['(a) => a', 5, 5],
    ['function f(a) {}', 14, 4],
    ['async m(a) {}', 12, 5],
    ['class A { constructor() {} }', 25, 4],
  ])('%s begins where V8 and the text say', (text, column, start) => {
    expect(unitOf(text, { line: 7, column })).toMatchObject({ line: 7, column: start });
  });

  test('whose place is on a later line of it begins lines before', () => {
    expect(unitOf('class A {\n\n  constructor() {} }', { line: 7, column: 13 })).toMatchObject({
      line: 5,
      column: 0,
    });
  });

  test('of a function whose own name is captured has it from there', () => {
    const text = 'function f(n) { return n > 0 ? f(n - 1) : 0; }';
    expect(unitOf(text).text).toBe(text);
    expect(unitOf(text, { variables: ['f'] }).text).toBe('function  (n) { return n > 0 ? f(n - 1) : 0; }');
    const { value } = made(text, { f: () => 'wrapped' });
    expect((value as (n: number) => unknown)(1)).toBe('wrapped');
  });

  test('of a method with a computed key has a key of its own', () => {
    const text = 'async [a\n+ b](c) { return c; }';
    expect(short(unitOf(text).text)).toBe('async [$member]\n    (c) { return c; }');
    expect((made('[a]() { return 1; }').value as () => unknown)()).toBe(1);
  });

  test('cannot be made of a private member', () => {
    expect(() => unitOf('#a() {}')).toThrow(TypeError);
  });
});

describe('a class', () => {
  test('keeps its lines, and its columns but behind what grew', () => {
    const text = `class A extends mix(
      B) { static a = [
      1]; static { b; } c() { throw 1; }
      static [d]() {} [e]() { f; } [g] = 1
      static #h = { i }
    }`;
    const unit = unitOf(text, { class: { givenKeys: [4], absent: [] } });
    const set = 'if ("h" in values) this.#h = values["h"];';
    expect(short(unit.text)).toBe(`class A extends ($super)
${' '.repeat(8)} { static { $hatch.statics(this, (values) => { ${set} }); } ;${' '.repeat(11)}
${' '.repeat(9)} ;${' '.repeat(12)} c() { throw 1; }
      ;${' '.repeat(14)} [$keys[0]]() { f; } [g] = 1
      static #h = 0${' '.repeat(4)}
    }`);
  });

  test('runs nothing when it is defined', () => {
    const text = `class extends fail() {
      static a = fail()
      static [fail()] = fail()
      static #b = fail()
      static { fail() }
      [fail()]() {}
      static get [fail()]() { return 'given' }
      static get b() { return this.#b }
      left() {}
    }`;
    const Base = class {
      base = true;
    };
    const { value } = made(
      text,
      {},
      { superclass: Base, keys: ['k'], class: { givenKeys: [5], absent: [7] } },
    );
    expect(Object.getPrototypeOf(value)).toBe(Base);
    expect(Reflect.ownKeys(value as object)).toEqual(['length', 'name', 'prototype', 'k', 'b']);
    expect([Reflect.get(value as object, 'k'), Reflect.get(value as object, 'b')]).toEqual(['given', 0]);
    expect(Reflect.ownKeys((value as Made).prototype as object)).toEqual(['constructor']);
  });

  test.each([
    ['constructor(a, b) { fail() }', 2],
    ['constructor(a = fail(), { b }, ...[c = fail()]) { fail() }', 0],
    ['constructor(a, { b } = fail(), c /* ) { */,\n) { fail() }', 1],
    ['constructor() {}', 0],
    ['', 0],
  ])('lets its private members in without running %s', (ctor, length) => {
    const text = `class { #x = fail(); #y; z = fail(); #f = () => fail(); ${ctor}
      get xy() { return [this.#x, this.#y]; } #m() { return this.#x; } m() { return this.#m(); }
      static #s = fail(); static s() { return this.#s; } }`;
    const hatch = new TestHatch();
    const fail = (): never => {
      throw new Error('it ran');
    };
    const A = made(text, { fail }, { hatch }).value as Made & { s(): unknown };
    expect(A.length).toBe(length);
    const object = hatch.open(A);
    hatch.setFields(object, { x: 1 });
    hatch.setStatics({ s: 2 });
    expect((object as { m(): unknown }).m()).toBe(1);
    expect(object).toMatchObject({ xy: [1, undefined] });
    expect(A.s()).toBe(2);
    expect(() => new A()).toThrow('it ran');
  });

  test('constructs as before', () => {
    const Base = class {
      given: unknown[];
      constructor(...given: unknown[]) {
        this.given = given;
      }
    };
    const text = `class A extends Base {
      #a = log('a'); b = this.#a + 1; static x; f = () => this.#a; #g = class {}
      constructor(c, d = log('d'), { e = d, ...rest } = {}, ...more) { log('super')
        super(c, d, e, rest, more, arguments.length) } get a() { return [this.#a, this.b, this.f.name] } }`;
    const seen: string[] = [];
    const log = (word: string): string => {
      seen.push(word);
      return word;
    };
    const A = made(text, { log }, { superclass: Base }).value as Made;
    const object = new A(1, undefined, { e: 2, f: 3 }, 4, 5);
    expect(object['given']).toEqual([1, 'd', 2, { f: 3 }, [4, 5], 5]);
    expect(object['a']).toEqual(['a', 'a1', 'f']);
    expect(seen).toEqual(['d', 'super', 'a']);
    expect([A.name, A.length]).toEqual(['A', 1]);
  });
});
