/** Turns a report's outcomes into the cells of its tables: medians, spreads, ratios and what went wrong. */
import { pairedRatios, spread } from './statistics.mjs';

/** The contender all others are compared with: troupe, or the first one when troupe does not take part. */
export function subjectOf(report) {
  const names = report.contenders.map(({ name }) => name);
  return names.includes('troupe') ? 'troupe' : names[0];
}

/** One row per contender: name, then for each metric its median with spread and the ratio to the subject. */
export function rowsOf(entry, metrics, subject) {
  const subjectOutcomes = entry.outcomes[subject] ?? [];
  const cellsOf = (name, outcomes) =>
    metrics.flatMap((metric) => [
      valueCell(outcomes, metric),
      name === subject ? '' : ratioCell(subjectOutcomes, outcomes, metric),
    ]);
  return Object.entries(entry.outcomes).map(([name, outcomes]) => [name].concat(cellsOf(name, outcomes)));
}

/** The header that belongs to `rowsOf`. */
export function headerOf(metrics, subject) {
  return ['', ...metrics.flatMap(({ label, unit }) => [`${label}, ${unit}`, `${subject} ÷ this`])];
}

/** Everything said about a contender's outcomes, once each, and what did not end well. */
export function notesOf(entry) {
  return Object.entries(entry.outcomes).flatMap(([name, outcomes]) => {
    const notes = outcomes.map(noteOf).filter((note) => note !== '');
    return [...new Set(notes)].map((note) => {
      const times = notes.filter((other) => other === note).length;
      return `${name}: ${note} (${times} of ${outcomes.filter(isMade).length})`;
    });
  });
}

function noteOf({ kind, note = '' }) {
  if (kind === 'hang') return `hang: ${note}`;
  return kind === 'failed' ? `failed: ${note}` : note;
}

function isMade({ kind }) {
  return kind !== 'skipped';
}

function valuesOf(outcomes, metric) {
  return outcomes.map(({ kind, values }) => (kind === 'measured' ? values[metric.name] : undefined));
}

function valueCell(outcomes, metric) {
  const found = spread(valuesOf(outcomes, metric).filter((value) => value !== undefined));
  if (found !== undefined) return spreadText(found);
  return outcomes.find(({ kind }) => kind === 'hang' || kind === 'failed')?.kind ?? 'n/a';
}

function ratioCell(subjectOutcomes, outcomes, metric) {
  const found = spread(pairedRatios(valuesOf(subjectOutcomes, metric), valuesOf(outcomes, metric)));
  return found === undefined ? '' : spreadText(found);
}

export function spreadText({ median, min, max }) {
  const [middle, least, greatest] = [median, min, max].map(numberText);
  return least === greatest ? middle : `${middle} (${least}–${greatest})`;
}

/** Three significant digits: more would only be noise. */
function numberText(value) {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
