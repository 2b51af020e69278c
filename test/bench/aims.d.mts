/** Types of `aims.mjs`, for the test that checks it. */
import type { Metric, Report } from './report.d.mts';
import type { Spread } from './statistics.d.mts';

export interface Aim {
  readonly text: string;
  readonly of: readonly [measurement: string, metric: string];
  readonly against?: {
    readonly best?: readonly string[];
    readonly floor?: string;
    readonly own?: readonly [measurement: string, metric: string];
  };
  readonly isInverse?: boolean;
  readonly least?: number;
  readonly most?: number;
}

export interface Judgement {
  readonly measured: Spread | undefined;
  readonly other?: string;
  readonly isMet?: boolean;
}

export interface Measured {
  readonly name: string;
  readonly metrics: readonly Metric[];
}

export const aims: readonly Aim[];
export function judge(aim: Aim, report: Report, measurements: readonly Measured[]): Judgement;
