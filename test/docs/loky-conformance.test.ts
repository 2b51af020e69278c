/** The page on loky has a row for each scenario, and each says which tests show it, or why there are none. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { lokyScenarios } from '../helpers/loky-scenarios.ts';
import { root } from '../helpers/tidy-source.ts';

const folder = path.join(root, 'test/process/conformance');
const files = readdirSync(folder).map((name) => path.basename(name, '.test.ts'));

test('every scenario of loky’s tests has a row, in their order, and so has what they leave out', () => {
  const numbersOf = (isOurs: boolean): number[] =>
    lokyScenarios.filter(({ id }) => id.startsWith('X') === isOurs).map(({ id }) => Number(id.slice(1)));
  expect(numbersOf(false)).toEqual(Array.from({ length: 138 }, (_, index) => index + 1));
  expect(numbersOf(true)).toEqual(Array.from({ length: 21 }, (_, index) => index + 1));
});

describe('a row', () => {
  test.each(lokyScenarios)('$id', ({ what, loky, troupe, shownBy, pending }) => {
    for (const cell of [what, loky, troupe]) expect(cell).not.toBe('');
    if (shownBy === null) {
      expect(troupe).toMatch(/^No counterpart: /u);
      expect(pending).toBeNull();
    } else {
      expect(troupe).not.toMatch(/^No counterpart/u);
      expect(files).toContain(shownBy);
    }
  });
});

// That each of its rows has a test there, and each test a row, the file itself makes sure of.
test.each(files)('the tests of %s are rows', (file) => {
  const text = readFileSync(path.join(folder, `${file}.test.ts`), 'utf8');
  expect(text).toContain(`scenariosOf('${file}')`);
  expect(text).not.toMatch(/^\s*(?:test|it)[.(]/mu);
  expect(lokyScenarios.map(({ shownBy }) => shownBy)).toContain(file);
});
