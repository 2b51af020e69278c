import process from 'node:process';
import { describe, expect, test } from 'vitest';
import {
  isMapped,
  markedUrl,
  withoutMark,
  withSourcePositions,
} from '../../../src/codec/closure/source-positions.ts';
import { lengthChanges } from '../../../src/codec/closure/source/text-edits.ts';

describe('the mark of captured code', () => {
  test.each([
    ['file:///a/b.ts', 'file:///a/b.ts'],
    ['file:///a/b.ts?v=1', 'file:///a/b.ts?v=1'],
    ['/a/b c.cts', 'file:///a/b%20c.cts'],
  ])('comes off %s', (script, url) => {
    const shifts = [
      { line: 0, column: 12, by: 5 },
      { line: 1, column: 3, by: -2 },
    ];
    expect(withoutMark(markedUrl(script, []))).toBe(url);
    expect(withoutMark(markedUrl(script, shifts))).toBe(url);
    expect(markedUrl(script, shifts)).not.toBe(url);
  });

  test('leaves the extension where loaders look for it', () => {
    expect(markedUrl('file:///a/b.ts', [])).toMatch(/^file:\/\/\/a\/b\.ts\?/u);
  });
});

describe('a stack', () => {
  test('without a mark stays as it is', () => {
    const stack = 'Error: a\n    at f (file:///a/b.ts:1:2)';
    expect(withSourcePositions(stack)).toBe(stack);
  });

  test('with no map to be found has the columns of the file, and no mark', () => {
    const url = markedUrl('file:///a/b(c).ts', [
      { line: 0, column: 4, by: 14 },
      { line: 0, column: 50, by: 14 },
      { line: 1, column: 0, by: 14 },
    ]);
    const stack = `Error: in ${url}\n    at f (${url}:1:30)\n    at async ${url}:3:7\n    at ${url}:1:4`;
    expect(withSourcePositions(stack)).toBe(
      'Error: in file:///a/b(c).ts\n    at f (file:///a/b(c).ts:1:16)\n' +
        '    at async file:///a/b(c).ts:3:7\n    at file:///a/b(c).ts:1:4',
    );
  });
});

test('a script is mapped only where Node maps stacks', () => {
  const wasEnabled = process.sourceMapsEnabled;
  try {
    for (const isEnabled of [false, true]) {
      process.setSourceMapsEnabled(isEnabled);
      expect(isMapped('file:///not/there.ts')).toBe(false);
      expect(isMapped('evalmachine.<anonymous>')).toBe(false);
    }
  } finally {
    process.setSourceMapsEnabled(wasEnabled);
  }
});

test('edits tell behind which offsets a text is longer or shorter', () => {
  const edits = [
    { start: 1, end: 2, text: 'long' },
    { start: 3, end: 3, text: '+' },
    { start: 4, end: 5, text: 'E' },
    { start: 5, end: 7, text: '' },
  ];
  // 'abcdefgh' becomes 'alongc+dEh'.
  expect(lengthChanges(edits)).toEqual([
    { offset: 5, by: 3 },
    { offset: 7, by: 1 },
    { offset: 9, by: -2 },
  ]);
});
