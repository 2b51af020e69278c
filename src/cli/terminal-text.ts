/** Text for terminals: pieces of a known width with a color, and numbers the way people read them. */
import type { WriteStream } from 'node:tty';

const codes = { plain: '', dim: '2', bold: '1', red: '31', green: '32', yellow: '33', cyan: '36' } as const;

export type Color = keyof typeof codes;

/** A piece of a line. Every character used is one column wide and one unit long. */
export interface Piece {
  readonly text: string;
  readonly color: Color;
}

/** Makes a piece. */
export function piece(text: string, color: Color = 'plain'): Piece {
  return { text, color };
}

/** How many columns the pieces take. */
export function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + text.length, 0);
}

/** Joins pieces to a line of at most `columns`, in color or not. */
export function renderLine(pieces: readonly Piece[], colored: boolean, columns: number = Infinity): string {
  let left = columns;
  let line = '';
  for (const { text, color } of pieces) {
    const shown = text.slice(0, Math.max(0, left));
    left -= text.length;
    if (shown !== '')
      line += colored && color !== 'plain' ? `\u001B[${codes[color]}m${shown}\u001B[0m` : shown;
  }
  return line;
}

/** Whether a stream shows colors: a terminal that has them, and no `NO_COLOR` (https://no-color.org). */
export function isColored(stream: NodeJS.WriteStream | WriteStream, env: NodeJS.ProcessEnv): boolean {
  const refused = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  return stream.isTTY && !refused && stream.hasColors(16, env);
}

/** 1234567 as `1,234,567`. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Bytes as megabytes: `12.3`, `0.04` below one, `<0.01` for next to nothing. */
export function megabytes(bytes: number): string {
  const value = bytes / 1e6;
  if (value > 0 && value < 0.005) return '<0.01';
  return value.toFixed(value < 1 ? 2 : 1);
}

/** A part of 1 as `61 %`, or `61.2 %` with digits. */
export function percent(part: number, digits = 0): string {
  return `${(100 * part).toFixed(digits)} %`;
}

/** Time as `41.3 s` or `2:05 min`. */
export function duration(timeMs: number): string {
  const seconds = timeMs / 1_000;
  if (seconds < 99.95) return `${seconds.toFixed(1)} s`;
  return `${clock(timeMs)} min`;
}

/** Time as `0:09` or `12:34`. */
export function clock(timeMs: number): string {
  const seconds = Math.round(timeMs / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A number and its noun: `1 file`, `2 files`. */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}
