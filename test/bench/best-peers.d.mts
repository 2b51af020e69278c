/** Types of `best-peers.mjs`, for the test that checks it. */
import type { Contender, Entry, Metric } from './report.d.mts';
import type { Spread } from './statistics.d.mts';

export interface Choice {
  readonly contenders: readonly Contender[];
  readonly subject: string;
  readonly kinds: readonly string[];
}

export function bestPeer(entry: Entry, metric: Metric, choice: Choice): string | undefined;
export function besideBest(
  entry: Entry,
  metric: Metric,
  choice: Choice,
): { peer: string; ratio: Spread } | undefined;
export function isBehind(ratio: number, metric: Metric): boolean;
