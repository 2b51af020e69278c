/** Turns a report's outcomes into the cells of its tables: medians, spreads, ratios and what went wrong. */
import { pairedRatios, spread } from './statistics.mjs';

/** The contender all others are compared with: troupe, or the first one when troupe does not take part. */
export function subjectOf(report) {
  const names = report.contenders.map(({ name }) => name);
  return names.includes('troupe') ? 'troupe' : names[0];
}

/** Those that anybody has a value of; all where nobody has any. */
export function knownMetrics(entry, metrics) {
  const names = Object.keys(entry.outcomes);
  const known = metrics.filter((metric) => names.some((name) => knownValues(entry, name, metric).length > 0));
  return known.length === 0 ? metrics : known;
}

/** One row per contender: name, then for each metric its median with spread and the ratio to the subject. */
export function rowsOf(entry, metrics, subject) {
  const cellsFor = (name) =>
    metrics.flatMap((metric) => {
      const cell = valueCell(entry, name, metric);
      if (!hasRatio(entry, metric)) return [cell];
      return [cell, name === subject ? '' : ratioCell(entry, [subject, name], metric)];
    });
  return Object.keys(entry.outcomes).map((name) => [name].concat(cellsFor(name)));
}

/** The header that belongs to `rowsOf`. */
export function headerOf(entry, metrics, subject) {
  const headers = metrics.flatMap((metric) => {
    const text = `${metric.label}, ${metric.unit}`;
    return hasRatio(entry, metric) ? [text, `${subject} ÷ this`] : [text];
  });
  return ['', ...headers];
}

/** A column beside which a ratio says more; not where nobody else takes part. */
function hasRatio(entry, { isAlone = false }) {
  return !isAlone && Object.keys(entry.outcomes).length > 1;
}

function cellOf(value) {
  return value === undefined ? '' : numberText(value);
}

/** One row per contender: its medians, and the last of them divided by the one that `flatFrom` names. */
export function seriesRows(entry, metrics, flatFrom) {
  return Object.keys(entry.outcomes).map((name) => {
    const medians = metrics.map((metric) => spread(knownValues(entry, name, metric))?.median);
    const base = medians[metrics.findIndex((metric) => metric.name === flatFrom)];
    const last = medians.findLast((value) => value !== undefined);
    const growth = base === undefined ? undefined : last / base;
    return [name].concat(medians.concat(growth).map(cellOf));
  });
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

/** A contender's values of a metric, one per round, `undefined` where it has none. */
export function valuesOf(entry, name, metric) {
  if (metric.of !== undefined) return shareOf(entry, name, metric.of);
  return (entry.outcomes[name] ?? []).map(({ kind, values }) =>
    // What JSON cannot say has become null.
    kind === 'measured' ? (values[metric.name] ?? undefined) : undefined,
  );
}

/** A metric of a floor, divided round by round by the contender's own. */
function shareOf(entry, name, { floor, metric, factor }) {
  const own = valuesOf(entry, name, { name: metric });
  const best = valuesOf(entry, floor, { name: metric });
  return own.map((value, round) =>
    value === undefined || best[round] === undefined ? undefined : (best[round] / value) * factor,
  );
}

/** The same, only those that are. */
export function knownValues(entry, name, metric) {
  return valuesOf(entry, name, metric).filter((value) => value !== undefined);
}

function valueCell(entry, name, metric) {
  const found = spread(knownValues(entry, name, metric));
  if (found !== undefined) return spreadText(found);
  return entry.outcomes[name].find(({ kind }) => kind === 'hang' || kind === 'failed')?.kind ?? 'n/a';
}

function ratioCell(entry, [subject, name], metric) {
  const ratios = pairedRatios(valuesOf(entry, subject, metric), valuesOf(entry, name, metric));
  const found = spread(ratios);
  return found === undefined ? '' : spreadText(found);
}

export function spreadText({ median, min, max }) {
  const [middle, least, greatest] = [median, min, max].map(numberText);
  return least === greatest ? middle : `${middle} (${least}–${greatest})`;
}

/** Three significant digits: more would only be noise. */
export function numberText(value) {
  if (value === 0) return '0';
  if (value >= 99.95) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(3);
}
