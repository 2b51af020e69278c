/** Types of `measurements.mjs`, for the test that checks it. */
import type { Metric } from './report.d.mts';
import type { Invitation } from './participants.d.mts';

export interface Measurement extends Invitation {
  readonly name: string;
  readonly title: string;
  readonly about: string | readonly string[];
  readonly metrics: readonly Metric[];
}

export const measurements: readonly Measurement[];
