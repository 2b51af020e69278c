/**
 * Positions of captured code in the source that a compiler made it from. The worker knows no source map, so
 * the URL of such code bears a mark, and where its errors arrive, frames with the mark are mapped.
 */
import { findSourceMap } from 'node:module';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';

/** From `column` on, a line of the text that is sent is `by` characters longer than in the file. */
export interface ColumnShift {
  readonly line: number;
  readonly column: number;
  readonly by: number;
}

const mark = 'troupe-captured';
const markInUrl = new RegExp(String.raw`[?&]${mark}(?:=[\d._-]*)?`, 'gu');
const markedPosition = new RegExp(
  String.raw`(?<url>file:\/\/\S*?)[?&]${mark}(?:=(?<shifts>[\d._-]*))?:(?<line>\d+):(?<column>\d+)`,
  'gu',
);

/** Whether stacks of this process show the source of a script, and not what V8 compiled. */
export function isMapped(script: string): boolean {
  if (!process.sourceMapsEnabled) return false;
  const isFile = script.startsWith('file:') || path.isAbsolute(script);
  return isFile && findSourceMap(script) !== undefined;
}

/** The URL for captured code of a mapped script. */
export function markedUrl(script: string, shifts: readonly ColumnShift[]): string {
  const url = path.isAbsolute(script) ? pathToFileURL(script).href : script;
  const text = shifts.map(({ line, column, by }) => `${line}.${column}.${by}`).join('_');
  // A query and no fragment, for loaders look at the extension in front of it.
  return `${url}${url.includes('?') ? '&' : '?'}${mark}${text === '' ? '' : `=${text}`}`;
}

/** The script without the mark. */
export function withoutMark(script: string): string {
  return script.includes(mark) ? script.replaceAll(markInUrl, '') : script;
}

/** A stack in which marked positions are those of the source; as far as that can be found, and unmarked. */
export function withSourcePositions(stack: string): string {
  if (!stack.includes(mark)) return stack;
  const mapped = stack.replaceAll(markedPosition, (whole: string, ...rest: unknown[]) => {
    const groups = rest.at(-1);
    return isGroups(groups) ? (sourcePosition(groups) ?? whole) : whole;
  });
  return withoutMark(mapped);
}

type Groups = Readonly<Record<string, string | undefined>>;

function sourcePosition({ url = '', shifts = '', line, column }: Groups): string | undefined {
  const [lineIndex, columnIndex] = [Number(line) - 1, Number(column) - 1];
  const compiledColumn = columnIndex - lengthAdded(readShifts(shifts), lineIndex, columnIndex);
  try {
    const entry = findSourceMap(url)?.findEntry(lineIndex, compiledColumn);
    if (entry === undefined || !('originalSource' in entry)) return `${url}:${line}:${compiledColumn + 1}`;
    const { originalSource, originalLine, originalColumn } = entry;
    const source = originalSource.startsWith('file:') ? fileURLToPath(originalSource) : originalSource;
    return `${source}:${originalLine + 1}:${originalColumn + 1}`;
  } catch {
    return undefined;
  }
}

function lengthAdded(shifts: readonly ColumnShift[], line: number, column: number): number {
  return shifts
    .filter((shift) => shift.line === line && shift.column <= column)
    .reduce((sum, { by }) => sum + by, 0);
}

function readShifts(text: string): ColumnShift[] {
  if (text === '') return [];
  return text.split('_').map((shift) => {
    const [line = 0, column = 0, by = 0] = shift.split('.').map(Number);
    return { line, column, by };
  });
}

function isGroups(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null;
}
