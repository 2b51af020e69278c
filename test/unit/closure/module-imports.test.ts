import { expect, test } from 'vitest';
import { moduleImports } from '../../../src/codec/closure/source/module-imports.ts';

test('each local name has where it comes from', () => {
  const imports = moduleImports(`#!/usr/bin/env node
    import a, { b, c as d, 'e f' as g, default as h } from './a.js';
    import * as i from "node:fs";
    import j from './j.json' with { type: 'json', 'other key': 'k' };
    import './l.js';
    export { m } from './m.js';
    export const n = await import('./n.js');
  `);
  const from = (specifier: string, name: string, attributes: object | null = null): object => ({
    specifier,
    name,
    attributes,
  });
  expect(Object.fromEntries(imports)).toEqual({
    a: from('./a.js', 'default'),
    b: from('./a.js', 'b'),
    d: from('./a.js', 'c'),
    g: from('./a.js', 'e f'),
    h: from('./a.js', 'default'),
    i: from('node:fs', '*'),
    j: from('./j.json', 'default', { type: 'json', 'other key': 'k' }),
  });
});

test('a text that is no module imports nothing', () => {
  expect(moduleImports('with (a) b;').size).toBe(0);
  expect(moduleImports('interface A {}').size).toBe(0);
});
