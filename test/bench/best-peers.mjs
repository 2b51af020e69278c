/** The subject beside the best peer of each kind: who that is, and by what ratio. */
import { median, pairedRatios, spread } from './statistics.mjs';
import { knownValues, valuesOf } from './summary.mjs';

/** Of the peers whose workers are of this kind, the one with the best median; `undefined` if none has any. */
export function bestPeer(entry, metric, { contenders, subject, kinds }) {
  const peers = contenders
    .filter(({ name, kind }) => name !== subject && kinds.includes(kind))
    .map(({ name }) => ({ name, values: knownValues(entry, name, metric) }))
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => ({ name, middle: median(values) }));
  const sign = metric.better === 'higher' ? -1 : 1;
  return peers.toSorted((one, other) => sign * (one.middle - other.middle))[0]?.name;
}

/** `{ peer, ratio }`: the spread of subject ÷ best peer; `undefined` where there is nothing to compare. */
export function besideBest(entry, metric, options) {
  const peer = bestPeer(entry, metric, options);
  if (peer === undefined) return undefined;
  const ratio = spread(pairedRatios(valuesOf(entry, options.subject, metric), valuesOf(entry, peer, metric)));
  return ratio === undefined ? undefined : { peer, ratio };
}

/** Whether such a ratio, a number, is against the subject. */
export function isBehind(ratio, { better }) {
  return better === 'higher' ? ratio < 1 : ratio > 1;
}
