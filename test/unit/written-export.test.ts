/** What the text in front of a function says of its export, where that is certain. */
import { describe, expect, test } from 'vitest';
import { writtenExport } from '../../src/codec/reference/written-export.ts';

/** The function is found where its parameters begin, as V8 counts. */
function exportIn(source: string, fn: object): string | undefined {
  const text = Function.prototype.toString.call(fn);
  const start = source.indexOf(text);
  const at = start + Math.max(0, text.indexOf('('));
  const lines = source.slice(0, at).split('\n');
  const column = lines.at(-1)?.length ?? 0;
  return writtenExport(fn, { url: 'file:///x.mjs', source, line: lines.length - 1, column, scopes: [] });
}

/** As it stands in a module, not as a compiler of tests rewrote it. */
function made(text: string): object {
  // oxlint-disable-next-line typescript/no-implied-eval -- text of its own
  return new Function(`return (${text})`)() as object;
}

describe('the text in front of a function', () => {
  test.each([
    ['export function a() {}', 'function a() {}', 'a'],
    ['const b = 1;\nexport async function a(x) {}\n', 'async function a(x) {}', 'a'],
    ['export function* a(x) {}', 'function* a(x) {}', 'a'],
    ['\n\nexport const a = (x) => x;', '(x) => x', 'a'],
  ])('names the export: %j', (source, text, name) => {
    expect(exportIn(source, made(text))).toBe(name);
  });

  test.each([
    ['function a() {}\nexport { a };', 'function a() {}'],
    ['export default function a() {}', 'function a() {}'],
    ['export const b = 1, a = () => 1;', '() => 1'],
    ['export const a = wrap(() => 1);', '() => 1'],
    ['/*\nexport */ function a() {}', 'function a() {}'],
    ['  export function a() {}', 'function a() {}'],
    ['export let a = () => 1;', '() => 1'],
  ])('says nothing for certain: %j', (source, text) => {
    expect(exportIn(source, made(text))).toBeUndefined();
  });

  test('counts for nothing where the text is not that of the function', () => {
    expect(exportIn('export function b() {}', made('function a() {}'))).toBeUndefined();
  });
});
