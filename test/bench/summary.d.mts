/** Types of `summary.mjs`, for the test that checks it. */
import type { Entry, Metric } from './report.d.mts';

export function rowsOf(entry: Entry, metrics: readonly Metric[], subject: string): string[][];
export function headerOf(entry: Entry, metrics: readonly Metric[], subject: string): string[];
export function seriesRows(entry: Entry, metrics: readonly Metric[], flatFrom: string): string[][];
export function knownMetrics(entry: Entry, metrics: readonly Metric[]): Metric[];
export function notesOf(entry: Entry): string[];
export function valuesOf(entry: Entry, name: string, metric: Metric): (number | undefined)[];
export function numberText(value: number): string;
