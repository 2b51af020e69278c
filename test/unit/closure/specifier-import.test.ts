/** Imports as the file that a captured function was written in would make them. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { importSpecifier } from '../../../src/child/specifier-import.ts';

const from = import.meta.url;

describe('a specifier', () => {
  test('that is relative starts at the file, be it a URL or a path', async () => {
    const specifier = '../../fixtures/references/index.mjs';
    const namespace = await importSpecifier(specifier, from);
    expect(Object.keys(namespace).length).toBeGreaterThan(0);
    expect(await importSpecifier(specifier, fileURLToPath(from))).toBe(namespace);
  });

  test('that names a package is searched for from the file, under the conditions of an import', async () => {
    // It has no entry for require().
    expect(await importSpecifier('nanoid', from)).toHaveProperty('nanoid');
    await expect(importSpecifier('nanoid', 'file:///nowhere/at/all.mjs')).rejects.toThrow('nanoid');
  });

  test('that names a module of Node needs no file', async () => {
    expect(await importSpecifier('node:fs', null)).toHaveProperty('readFile', fs.readFile);
    expect(await importSpecifier('fs', from)).toHaveProperty('default', fs);
  });

  test('may have attributes', async () => {
    const namespace = await importSpecifier('../../../package.json', from, { type: 'json' });
    expect(namespace).toHaveProperty('default.name', 'troupe');
  });

  test('that begins at the root of a Vite project is found in a folder around the file', async () => {
    const namespace = await importSpecifier('../../fixtures/references/index.mjs', from);
    expect(await importSpecifier('/test/fixtures/references/index.mjs', from)).toBe(namespace);
    expect(await importSpecifier('/fixtures/references/index.mjs', fileURLToPath(from))).toBe(namespace);
    await expect(importSpecifier('/test/nothing.mjs', from)).rejects.toThrow('/test/nothing.mjs');
  });

  test('of a file that is not there is named', async () => {
    await expect(importSpecifier('./nothing.mjs', from)).rejects.toThrow('nothing.mjs');
  });
});
