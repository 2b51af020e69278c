/** The paired harness: every round measures every contender, each in a fresh process, in a turning order. */
import { measureInFreshProcess } from './fresh-process.mjs';
import { participantsOf } from './participants.mjs';
import { rotate } from './statistics.mjs';

/** A measurement that takes longer is ended and counts as a hang; the slowest takes a quarter of this. */
const defaultLimitsMs = { full: 20_000, quick: 6000 };

/**
 * Resolves to one entry per measurement: `{ name, outcomes }`, where `outcomes` holds, for each contender
 * that takes part, one outcome per round. `onOutcome` hears of each as it comes.
 */
export async function measureAll({ measurements, contenders, rounds, size, onOutcome }) {
  const entries = measurements.map((measurement) => ({
    measurement,
    outcomes: new Map(participantsOf(measurement, contenders).map(({ name }) => [name, []])),
  }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, { measurement, outcomes }] of entries.entries()) {
      if (round >= (measurement.roundsMax ?? Infinity)) continue;
      // Not the same first in all measurements of a round either: what comes before a process can matter.
      for (const [contender, soFar] of rotate([...outcomes], round + index)) {
        const limitMs = (measurement.limitsMs ?? defaultLimitsMs)[size];
        const request = { contender, measurement: measurement.name, size, limitMs };
        const startMs = performance.now();
        const outcome = await nextOutcome(soFar, request);
        soFar.push(outcome);
        onOutcome({ round, measurement, contender, outcome, elapsedMs: performance.now() - startMs });
      }
    }
  }
  return entries.map(({ measurement, outcomes }) => ({
    name: measurement.name,
    outcomes: Object.fromEntries(outcomes),
  }));
}

/** Who hung once is not waited for again: `skipped` says so. */
async function nextOutcome(soFar, request) {
  if (soFar.some(({ kind }) => kind === 'hang')) return { kind: 'skipped' };
  return measureInFreshProcess(request);
}
