/** Writes a report as data, as the page and as its chart. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderChart } from './chart.mjs';
import { renderPage } from './page.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** To where the documentation has them. */
export function writeDocs(report) {
  const docs = path.join(repository, 'docs/reference');
  write(report, { pages: docs, data: path.join(repository, 'test/bench/results/latest.json') });
}

/** To a folder of one's own. */
export function writeTo(folder, report) {
  mkdirSync(folder, { recursive: true });
  write(report, { pages: folder, data: path.join(folder, 'latest.json') });
}

function write(report, { pages, data }) {
  const page = path.join(pages, 'performance.md');
  writeFileSync(data, JSON.stringify(report, undefined, 2));
  writeFileSync(page, renderPage(report));
  writeFileSync(path.join(pages, 'performance.svg'), renderChart(report));
  spawnSync(path.join(repository, 'node_modules/.bin/oxfmt'), [page, data], { stdio: 'inherit' });
}
