/** Writes a report as data and as the page. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renderPage } from './page.mjs';

const repository = new URL('../../', import.meta.url);
const pageFile = fileURLToPath(new URL('docs/reference/performance.md', repository));
const dataFile = fileURLToPath(new URL('test/bench/results/latest.json', repository));

export function writeDocs(report) {
  writeFileSync(dataFile, JSON.stringify(report, undefined, 2));
  writeFileSync(pageFile, renderPage(report));
  const formatter = fileURLToPath(new URL('node_modules/.bin/oxfmt', repository));
  spawnSync(formatter, [pageFile, dataFile], { stdio: 'inherit' });
}
