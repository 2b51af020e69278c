/** Types of `chart.mjs`, for the test that checks it. */

export function renderChart(report: unknown): string;
