/** Types of `page.mjs`, for the test that compares the page with its data. */

export function renderPage(report: unknown): string;
