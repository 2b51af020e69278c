/** What speed was aimed at, and what was measured: each aim is a number that a report gives or does not. */
import { bestPeer } from './best-peers.mjs';
import { pairedRatios, spread } from './statistics.mjs';
import { valuesOf } from './summary.mjs';

const process = { best: ['process'] };
const thread = { best: ['thread'] };
const any = { best: ['process', 'thread'] };

/**
 * `of` is a measurement and a metric. `against` is the best peer of some kinds, a floor, or another metric of
 * troupe; without it the figure itself counts. A ratio is troupe ÷ the other, or the other ÷ troupe if
 * `isInverse`. It has to be `most` or `least`.
 */
export const aims = [
  aim('burst, against the best process-mode peer', ['burst', 'tasksPerSecond'], {
    against: process,
    least: 6,
  }),
  aim('burst, parent CPU per task in µs', ['burst', 'parentCpu'], { most: 6 }),
  aim('burst, against the best thread-mode peer', ['burst', 'tasksPerSecond'], { against: thread, least: 5 }),
  aim('a long map with automatic chunks, items/s', ['map-long', 'itemsPerSecond'], { least: 500_000 }),
  aim('map, against the best peer', ['map', 'itemsPerSecond'], { against: any, least: 30 }),
  aim('round trip p50, against the best process-mode peer', ['round-trip', 'p50'], {
    against: process,
    most: 0.6,
  }),
  aim('round trip p50, against a bare socketpair', ['round-trip', 'p50'], {
    against: { floor: 'socketpair' },
    most: 2,
  }),
  aim('32 MiB argument, times faster than the best process-mode peer', ['bytes-32-mib', 'callMs'], {
    against: process,
    isInverse: true,
    least: 6,
  }),
  aim('32 MiB argument, against a bare socketpair', ['bytes-32-mib', 'callMs'], {
    against: { floor: 'socketpair' },
    most: 1.3,
  }),
  aim('cold start, against a bare `node -e 0`', ['cold-start', 'firstResultMs'], {
    against: { floor: 'bare-node' },
    most: 1.6,
  }),
  aim('SIGKILL to failed and served again, against a cold start', ['recovery-busy', 'nextResultMs'], {
    against: { own: ['cold-start', 'firstResultMs'] },
    most: 1.2,
  }),
  aim('SIGKILL to failed, in ms', ['recovery-busy', 'failedMs'], { most: 5 }),
  ...['minify', 'brotli', 'factorial', 'load-test'].map((work) =>
    aim(`${work}, time against the best peer`, [work, 'elapsedMs'], { against: any, most: 1 }),
  ),
  aim('minify, % of perfect scaling', ['minify', 'efficiency'], { least: 95 }),
  aim('brotli, % of perfect scaling', ['brotli', 'efficiency'], { least: 95 }),
];

function aim(text, of, rest) {
  return { text, of, ...rest };
}

/** `{ text, aim, measured, other, isMet }`: `measured` is a spread, or `undefined`. */
export function judge({ text, of, against, isInverse = false, least, most }, report, measurements) {
  const found = figures(of, report, measurements);
  const { values, other } = against === undefined ? found : ratios(found, against, report, measurements);
  const measured = spread(isInverse ? values.map((value) => 1 / value) : values);
  const isMet = measured && (least === undefined ? measured.median <= most : measured.median >= least);
  return { text, aim: least === undefined ? { most } : { least }, measured, other, isMet };
}

function ratios({ entry, metric, all }, against, report, measurements) {
  if (against.own !== undefined)
    return { values: pairedRatios(all, figures(against.own, report, measurements).all), other: 'troupe' };
  if (entry === undefined) return { values: [] };
  const { contenders } = report;
  const other =
    against.floor ?? bestPeer(entry, metric, { contenders, subject: 'troupe', kinds: against.best });
  return { values: other === undefined ? [] : pairedRatios(all, valuesOf(entry, other, metric)), other };
}

/** `all` has an element per round, `values` only those that are known. */
function figures([measurementName, metricName], report, measurements) {
  const entry = report.entries.find(({ name }) => name === measurementName);
  const metric = measurements
    .find(({ name }) => name === measurementName)
    .metrics.find(({ name }) => name === metricName);
  const all = entry === undefined ? [] : valuesOf(entry, 'troupe', metric);
  return { entry, metric, all, values: all.filter((value) => value !== undefined) };
}
