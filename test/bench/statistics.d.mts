/** Types of `statistics.mjs`, for the test that checks it. */

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function quantile(values: readonly number[], q: number): number;
export function median(values: readonly number[]): number;
export function spread(values: readonly number[]): Spread | undefined;
export function pairedRatios(
  subject: readonly (number | undefined)[],
  peer: readonly (number | undefined)[],
): number[];
export function rotate<Element>(list: readonly Element[], round: number): Element[];
