import { describe, expect, test } from 'vitest';
import { analyze } from '../../../src/codec/closure/source/analyze.ts';
import type { FunctionSource } from '../../../src/codec/closure/source/function-source.ts';
import { SourceError } from '../../../src/codec/closure/source/source-error.ts';
import { scopes, uses, members, classes } from './analyze-rows.ts';

function described({ variables }: FunctionSource): string {
  return [...variables.values()]
    .map(({ name, isAssigned, isOnlyTypeof }) => `${name}${isAssigned ? '=' : isOnlyTypeof ? '?' : ''}`)
    .toSorted()
    .join(' ');
}

describe('free variables', () => {
  test.each([...scopes, ...uses, ...members, ...classes])('%s', (text, variables) => {
    expect(described(analyze(text))).toBe(variables);
  });

  test('of a function in a block depend on the mode, if that is not known', () => {
    const text = '() => { { function f() {} } f(); }';
    expect(analyze(text).variables.get('f')?.isOwnIfSloppy).toBe(true);
    expect(analyze('() => { f(); }').variables.get('f')?.isOwnIfSloppy).toBe(false);
    const strict = "function () { 'use strict'; { function f() {} } f(); }";
    expect(analyze(strict).variables.get('f')?.isOwnIfSloppy).toBe(false);
    const hidden = '() => { { let f; { function f() {} } } f(); }';
    expect(analyze(hidden).variables.get('f')?.isOwnIfSloppy).toBe(false);
  });

  test('are told from properties in `with` as far as possible', () => {
    const { variables } = analyze('function () { a; with (b) { c; } }');
    expect([...variables.values()].filter(({ isInWith }) => isInWith).map(({ name }) => name)).toEqual(['c']);
  });
});

describe('uses of a variable', () => {
  test.each([
    ['() => a.b + a["c"]() + a?.d + typeof a.e', 'b c d e', false],
    ['() => a.b + a', 'b', true],
    ['() => a.b + a[c]', 'b', true],
    ['() => { a.b = 1; }', '', true],
    ['() => delete a.b', '', true],
    ['() => { a.b++; }', '', true],
    ['() => typeof a + a.b', 'b', false],
  ])('%s: members %s, whole %s', (text, names, isWhole) => {
    const variable = analyze(text).variables.get('a');
    expect([...(variable?.members ?? [])].join(' ')).toBe(names);
    expect(variable?.isUsedWhole).toBe(isWhole);
  });

  test('say where they are, in the order of the text, and how', () => {
    const text = '(b) => {\n  a = { a };\n  a(typeof a, a`b`, (a), [a = () => 1] = b);\n}';
    const { uses: found = [] } = analyze(text).variables.get('a') ?? {};
    expect(found.map(({ start, end }) => text.slice(start, end))).toEqual(found.map(() => 'a'));
    expect(found.map(({ kind }) => kind)).toEqual([
      'write',
      'read',
      'read',
      'typeof',
      'read',
      'read',
      'write',
    ]);
    expect(found.map(({ isShorthand }) => isShorthand).indexOf(true)).toBe(1);
    expect(found.flatMap(({ isCallee }, index) => (isCallee ? index : []))).toEqual([2, 4]);
    expect(found.flatMap(({ startsStatement }, index) => (startsStatement ? index : []))).toEqual([0, 2]);
    const named = found.at(-1)?.named;
    expect(text.slice(named?.start, named?.end)).toBe('() => 1');
  });
});

describe('what else a text says', () => {
  test.each<readonly [string, Partial<FunctionSource>]>([
    ['async (a) => a', { form: 'arrow', isAsync: true, isGenerator: false, parameterCount: 1 }],
    ['async function* f() {}', { form: 'function', isAsync: true, isGenerator: true, ownName: 'f' }],
    ['function () {}', { ownName: null, ownNameAt: null }],
    ['a() {}', { form: 'method', memberKey: { name: 'a' } }],
    ['get a() {}', { form: 'getter', memberKey: { name: 'a' } }],
    ['set 0x10(a) {}', { form: 'setter', memberKey: { name: '16' } }],
    ['async*[a]() {}', { form: 'method', memberKey: { computed: { start: 6, end: 9 } } }],
    ['#a() {}', { form: 'privateMember' }],
    ['class A {}', { form: 'class', parameterCount: 0, memberKey: null }],
    ['(a, ...b) => a', { hasPlainParameters: true, parameterCount: 2 }],
    ['(a = 1) => a', { hasPlainParameters: false }],
    ['({ a }) => a', { hasPlainParameters: false }],
    ["function () { 'use strict'; }", { isStrictByDirective: true }],
    ["function () { 'other'; 'use strict'; }", { isStrictByDirective: true }],
    ["function () { a; 'use strict'; }", { isStrictByDirective: false }],
    ["function () { ('use strict'); }", { isStrictByDirective: false }],
    ['() => import.meta.url', { importMeta: [{ start: 6, end: 17 }], importsDynamically: false }],
    ['() => import("a")', { importMeta: [], importsDynamically: true }],
    ['() => eval("a")', { callsEval: true }],
    ['() => () => eval("a")', { callsEval: true }],
    ['() => (0, eval)("a")', { callsEval: false }],
    ['() => eval?.("a")', { callsEval: false }],
    ['(eval) => eval("a")', { callsEval: false }],
    ['() => a.eval("a") + eval', { callsEval: false }],
    ['m() { return super.a; }', { usesHome: true }],
    ['m() { return () => super.a; }', { usesHome: true }],
    ['m() { return { n() { super.a; } }; }', { usesHome: false }],
    ['() => this.#a + (#b in c)', { privateNames: ['#a', '#b'] }],
    ['class { #a; m() { this.#a; this.#b; } }', { privateNames: ['#b'] }],
    ['function f() {}', { locatedAt: 10, ownNameAt: { start: 9, end: 10 } }],
    ['async function /* ( */ f // (\n () {}', { locatedAt: 31 }],
    ['async (a) => a', { locatedAt: 0 }],
    ['async [a] (b) {}', { locatedAt: 10 }],
    ['class A { m() {} constructor (a) {} }', { locatedAt: 29 }],
    ['class A { m() {} }', { locatedAt: 0 }],
  ])('%s', (text, facts) => {
    expect(analyze(text)).toMatchObject(facts);
  });

  test.each([
    ['() => this.a', { usesThis: true }],
    ['() => () => this', { usesThis: true }],
    ['() => function () { this; new.target; }', {}],
    ['() => class extends this.a { b = this; [this.c]() {} }', { usesThis: true }],
    ['() => class { b = this; static { this; } m() { this; } }', {}],
    ['() => super.a', { usesSuper: true }],
    ['() => super(a)', { usesSuper: true }],
    ['() => new.target', { usesNewTarget: true }],
    ['() => arguments', { usesArguments: true }],
    ['() => function () { arguments; }', {}],
    ['function () { this; new.target; arguments; }', {}],
    ['m() { this; super.a; return () => arguments; }', {}],
    ['class A extends this.b { [this.c]() {} }', {}],
  ])('%s: of the function around it', (text, used) => {
    const nothing = { usesThis: false, usesSuper: false, usesNewTarget: false, usesArguments: false };
    expect(analyze(text).outer).toEqual({ ...nothing, ...used });
  });

  test.each([
    'class A extends (await a) { [await b]() {} }',
    'class A { [yield a]() {} }',
    '[new.target]() {}',
    '() => { super(); return new.target; }',
  ])('%s can be parsed on its own', (text) => {
    expect(analyze(text).text).toBe(text);
  });
});

describe('a class', () => {
  const text = `class A extends B {
    #a = 1; static #b = c; d; ['e' /* ] */] = f();
    constructor(g, { h } = {}) { super(); }
    static { i; }
    get [j]() {} static set k(l) {} #m() {}
  }`;
  const source = analyze(text).class;

  test('lists its members', () => {
    const slice = (range: { start: number; end: number } | null | undefined): string | null =>
      range ? text.slice(range.start, range.end) : null;
    expect(slice(source?.superclass)).toBe('B');
    expect(slice(source?.body)).toMatch(/^\{[^]*\}$/u);
    const found = source?.members.map((member) => {
      const { kind, isStatic, key, value, isInert } = member;
      const name =
        key === null
          ? null
          : 'computed' in key
            ? slice(key.computed)
            : 'name' in key
              ? key.name
              : key.private;
      return [kind, isStatic, name, slice(value), isInert];
    });
    expect(found).toEqual([
      ['field', false, '#a', '1', true],
      ['field', true, '#b', 'c', false],
      ['field', false, 'd', null, true],
      ['field', false, "['e' /* ] */]", 'f()', false],
      ['constructor', false, 'constructor', null, true],
      ['block', true, null, null, false],
      ['getter', false, '[j]', null, true],
      ['setter', true, 'k', null, true],
      ['method', false, '#m', null, true],
    ]);
  });

  test('knows its private fields and its constructor', () => {
    expect(source).toMatchObject({
      name: 'A',
      privateFields: ['#a'],
      privateStatics: ['#b'],
      hasPrivateMembers: true,
    });
    const { parameters, bodyStart = 0, ...rest } = source?.ctor ?? {};
    expect(text.slice(parameters?.start, parameters?.end)).toBe('g, { h } = {}');
    expect(text.slice(bodyStart, bodyStart + 8)).toBe(' super()');
    expect(rest).toEqual({ hasPlainParameters: false, length: 1 });
    expect(analyze('class { static #a() {} static #b = 1; }').class?.hasPrivateMembers).toBe(false);
  });
});

describe('a text that is no function', () => {
  test.each([
    [String(Math.max), 'native'],
    [String(Map), 'native'],
    [String(describe.bind(null)), 'native'],
    ['() => {', 'syntax'],
    ['a + b', 'syntax'],
    ['a: b', 'syntax'],
    ['() => 1) + (() => 2', 'syntax'],
    ['', 'syntax'],
  ])('%s', (text, reason) => {
    expect(() => analyze(text)).toThrow(SourceError);
    expect(() => analyze(text)).toThrow(expect.objectContaining({ reason }) as Error);
  });
});

test('a text is analysed once', () => {
  expect(analyze('() => once')).toBe(analyze('() => once'));
});
