/** Finds what a misspelled name was probably meant to be. */

/** The name nearest to a misspelled one, or `undefined` when none is near enough to suggest. */
export function nearestName(misspelled: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let fewest = Math.max(2, Math.floor(misspelled.length * 0.4)) + 1;
  for (const name of names) {
    const edits = editDistance(misspelled.toLowerCase(), name.toLowerCase());
    // Two edits turn any two-letter word into any other: a suggestion has to keep at least one letter.
    if (edits < fewest && edits < misspelled.length) [nearest, fewest] = [name, edits];
  }
  return nearest;
}

/** Levenshtein's distance: how many letters to insert, delete or replace to turn one word into the other. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row += 1) {
    const current = [row + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = at(previous, column) + (from[row] === to[column] ? 0 : 1);
      current.push(Math.min(replaced, at(previous, column + 1) + 1, at(current, column) + 1));
    }
    previous = current;
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
