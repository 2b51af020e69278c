import { describe, expect, test } from 'vitest';
import { constantNames } from '../../../src/codec/closure/source/constant-names.ts';

const rows: readonly [text: string, names: readonly string[]][] = [
  ['const a = 1, { b, c: [d] = [] } = {}; for (const e of []) e;', ['a', 'b', 'd', 'e']],
  [
    'function f() {} async function g() {} export function h() {} export default function i() {}',
    ['f', 'g', 'h', 'i'],
  ],
  ['class A {} export class B {} export default class {}', ['A', 'B', '']],
  ['let a = 1; var b = 2; import c, { d } from "e"; try {} catch (f) {}', []],
  ['function f(p, { q } = {}, ...r) { return (s) => s; }', ['f']],
  ['function f() {} f = 1; function g() {} [g] = []; function h() {} h++; class C {} ({ x: C } = {});', []],
  ['function f() {} for (f of []); class C {} for (C in {});', []],
  ['const a = 1; function inner() { let a; return a; }', ['inner']],
  ['{ function inBlock() {} } if (1) function inIf() {}', []],
  ['function outer() { function inner() {} return inner; }', ['outer', 'inner']],
  ['const a = 1; eval("a");', []],
  ['const a = 1; with ({}) a;', []],
  ['#!/usr/bin/env node\nconst a = require("b"); return;', ['a']],
  ['const a: number = 1;', []],
];

describe('constantNames', () => {
  test.each(rows)('%s', (text, names) => {
    expect([...constantNames(text)].toSorted()).toEqual(names.toSorted());
  });

  test('long chains of operators', () => {
    const text = `const a = ${'1 + '.repeat(2000)}1;`;
    expect([...constantNames(text)]).toEqual(['a']);
  });
});
