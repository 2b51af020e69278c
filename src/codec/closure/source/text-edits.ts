/** Changes to a text, each of which leaves all that it does not name where it was, as far as that goes. */
import type { Range } from './function-source.ts';

/** Puts `text` in place of a stretch. */
export interface Replacement extends Range {
  readonly text: string;
}

/** Puts something before and after a stretch, which may have edits inside. */
export interface Wrapping extends Range {
  readonly before: string;
  readonly after: string;
}

export type Edit = Replacement | Wrapping;

interface Piece extends Range {
  readonly text: string;
  /** What comes first where several pieces begin at one offset. */
  readonly order: readonly [kind: number, size: number];
}

/**
 * Applies edits, in any order. What lies inside a replaced stretch is dropped; nothing may overlap otherwise.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text;
  let result = '';
  let done = 0;
  for (const piece of appliedPieces(edits)) {
    result += text.slice(done, piece.start) + piece.text;
    done = piece.end;
  }
  return result + text.slice(done);
}

/** Where a text gets longer or shorter by its edits: offsets in the edited text, just behind each of them. */
export function lengthChanges(edits: readonly Edit[]): { readonly offset: number; readonly by: number }[] {
  let total = 0;
  return appliedPieces(edits).flatMap(({ start, end, text }) => {
    const by = text.length - (end - start);
    total += by;
    return by === 0 ? [] : [{ offset: end + total, by }];
  });
}

function appliedPieces(edits: readonly Edit[]): Piece[] {
  let done = 0;
  return edits
    .flatMap(piecesOf)
    .toSorted(inOrder)
    .filter(({ start, end }) => {
      if (start < done) return false;
      done = end;
      return true;
    });
}

/** Spaces in place of a stretch, which keep the lines and columns of all behind it. */
export function blank(text: string, { start, end }: Range): string {
  return text
    .slice(start, end)
    .replaceAll(/[^\n\r\u2028\u2029]/gu, (character) => ' '.repeat(character.length));
}

/** `text` in place of a stretch; with as many lines, and as long, if it is shorter. */
export function replaceInPlace(whole: string, range: Range, text: string): Replacement {
  const spaces = blank(whole, range);
  const firstLine = /^ */u.exec(spaces)?.[0].length ?? 0;
  return { ...range, text: text + spaces.slice(Math.min(firstLine, text.length)) };
}

/**
 * Of wrappings that end at one offset the inner ends first; of those that begin there the outer begins first.
 */
function piecesOf(edit: Edit): Piece[] {
  const { start, end } = edit;
  const size = end - start;
  if ('text' in edit) return [{ start, end, text: edit.text, order: [size === 0 ? 1 : 3, -size] }];
  return [
    { start, end: start, text: edit.before, order: [2, -size] },
    { start: end, end, text: edit.after, order: [0, size] },
  ];
}

function inOrder(first: Piece, second: Piece): number {
  return first.start - second.start || first.order[0] - second.order[0] || first.order[1] - second.order[1];
}
