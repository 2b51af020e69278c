/** Each row of the page on what can be sent names the cases that show it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cases } from '../closures/cases/all.mjs';
import { root } from '../helpers/tidy-source.ts';

const page = readFileSync(path.join(root, 'docs/reference/what-can-be-sent.md'), 'utf8');
const names = new Set(cases.map(({ name }) => name));

/** The rows of all tables, without their heads. */
const rows = page
  .split('\n')
  .filter((line, index, lines) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? ''))
  .map((line) => ({
    what: line.split('|')[1]?.trim() ?? '',
    shownBy: [...line.matchAll(/<!-- case: (.+?) -->/gu)].map(([, name]) => name ?? ''),
  }));

function isRule(line: string): boolean {
  return /^\|[ :|-]+\|$/u.test(line);
}

describe('a row of what can be sent', () => {
  test('is found', () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  test.each(rows)('$what', ({ shownBy }) => {
    expect(shownBy).not.toEqual([]);
    expect(shownBy.filter((name) => !names.has(name))).toEqual([]);
  });
});
