/** The few statistics the benchmark needs: quantiles, spreads, and ratios paired by round. */

/** The value below which the share `q` (0–1) of `values` lies, interpolated between neighbours. */
export function quantile(values, q) {
  if (values.length === 0) throw new RangeError('A quantile of no values does not exist.');
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const low = sorted[Math.floor(position)];
  const high = sorted[Math.ceil(position)];
  return low + (high - low) * (position - Math.floor(position));
}

/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** Median, least and greatest of `values`; `undefined` when there are none. */
export function spread(values) {
  if (values.length === 0) return undefined;
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * `subject / peer` for each round in which both have a value (`undefined` marks a round that failed).
 * What slows the machine for a whole round slows both sides of its ratio, and cancels out.
 */
export function pairedRatios(subject, peer) {
  const ratios = [];
  for (const [round, value] of subject.entries()) {
    const other = peer[round];
    if (value !== undefined && other !== undefined && other !== 0) ratios.push(value / other);
  }
  return ratios;
}

/** `list` turned so that each round starts with another element. */
export function rotate(list, round) {
  const start = list.length === 0 ? 0 : round % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
