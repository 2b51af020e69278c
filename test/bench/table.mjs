/** Prints rows as a Markdown table with aligned columns, readable in a terminal as it is. */

/** `rows` are arrays of cells as long as `header`; all columns but the first are numbers unless `isText`. */
export function table(header, rows, { isText = false } = {}) {
  const widths = header.map((_, column) =>
    Math.max(3, ...[header, ...rows].map((row) => row[column].length)),
  );
  const isRight = (column) => !isText && column > 0;
  const pad = (cell, column) =>
    isRight(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]);
  const rule = widths.map((width, column) =>
    isRight(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [line(header.map(pad)), line(rule), ...rows.map((row) => line(row.map(pad)))].join('\n');
}

function line(cells) {
  return `| ${cells.join(' | ')} |`;
}
