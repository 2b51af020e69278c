/** Draws the figures that say most as an SVG chart, readable on light and dark pages alike. */
import { median } from './statistics.mjs';
import { measurements } from './measurements.mjs';
import { knownValues, numberText, subjectOf } from './summary.mjs';

const panels = [
  { measurement: 'burst', metric: 'tasksPerSecond', title: 'Burst of empty tasks, tasks/s' },
  { measurement: 'map', metric: 'itemsPerSecond', title: 'Map over many items, items/s' },
  { measurement: 'round-trip', metric: 'p50', title: 'Round trip p50, µs' },
  { measurement: 'bytes-32-mib', metric: 'callMs', title: '32 MiB argument, ms' },
  { measurement: 'cold-start', metric: 'firstResultMs', title: 'Cold start to first result, ms' },
  { measurement: 'minify', metric: 'elapsedMs', title: 'Minify packages with terser, ms' },
];

const columns = 2;
const panelWidth = 430;
const gap = 20;
const labelWidth = 140;
const valueWidth = 60;
const rowHeight = 19;
const titleHeight = 46;

const style = `
  .chart { font: 12px system-ui, sans-serif; }
  text { fill: #24292f; }
  .title { font-weight: 600; font-size: 13px; }
  .about { fill: #57606a; font-size: 11px; }
  .process { fill: #8c959f; }
  .thread { fill: #54aeff; }
  .floor { fill: none; stroke: #8c959f; stroke-dasharray: 3 2; }
  .subject { fill: #cf4a1c; }
  .name-of-subject { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .about { fill: #9198a1; }
    .process { fill: #6e7681; }
    .thread { fill: #388bfd; }
    .floor { stroke: #9198a1; }
    .subject { fill: #f0793f; }
  }`;

/** The chart as SVG text. What was not measured has no panel, and who has no value no bar. */
export function renderChart(report) {
  const drawn = panels.map((panel) => panelOf(panel, report)).filter(({ bars }) => bars.length > 0);
  const rows = [];
  for (let first = 0; first < drawn.length; first += columns) rows.push(drawn.slice(first, first + columns));
  let top = 34;
  const body = rows.map((row) => {
    const text = row.map((panel, column) => draw(panel, gap + column * (panelWidth + gap), top));
    top += Math.max(...row.map(heightOf)) + gap;
    return text.join('\n');
  });
  const width = gap + columns * (panelWidth + gap);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" width="${width}" height="${top}"`,
    `  viewBox="0 0 ${width} ${top}">`,
    `<title>${escaped(`${subjectOf(report)}, its peers and the floors`)}</title>`,
    `<style>${style}\n</style>`,
    legend(),
    ...body,
    '</svg>',
    '',
  ].join('\n');
}

function legend() {
  const entries = [
    ['subject', 'troupe'],
    ['process', 'peers, process workers'],
    ['thread', 'peers, thread workers'],
    ['floor', 'floors: no pool'],
  ];
  return entries
    .map(([kind, text], index) => {
      const left = gap + index * 190;
      const label = `<text x="${left + 18}" y="22">${text}</text>`;
      return `<rect class="${kind}" x="${left}" y="12" width="12" height="12"/>${label}`;
    })
    .join('\n');
}

/** `bars` from the best to the worst. */
function panelOf({ measurement, metric: metricName, title }, report) {
  const entry = report.entries.find(({ name }) => name === measurement);
  if (entry === undefined) return { bars: [] };
  const metric = measurements
    .find(({ name }) => name === measurement)
    .metrics.find(({ name }) => name === metricName);
  const subject = subjectOf(report);
  const bars = report.contenders
    .map(({ name, kind }) => ({
      name,
      kind: name === subject ? 'subject' : kind,
      values: knownValues(entry, name, metric),
    }))
    .filter(({ values }) => values.length > 0)
    .map(({ name, kind, values }) => ({ name, kind, value: median(values) }));
  const sign = metric.better === 'higher' ? -1 : 1;
  const about = metric.better === 'higher' ? 'more is better' : 'less is better';
  return { title, about, bars: bars.toSorted((one, other) => sign * (one.value - other.value)) };
}

function heightOf({ bars }) {
  return titleHeight + bars.length * rowHeight;
}

function draw({ title, about, bars }, left, top) {
  const greatest = Math.max(...bars.map(({ value }) => value));
  const room = panelWidth - labelWidth - valueWidth;
  const lines = bars.map(({ name, kind, value }, row) => {
    const y = top + titleHeight + row * rowHeight;
    const length = Math.max(1, (value / greatest) * room).toFixed(1);
    const bold = kind === 'subject' ? ' class="name-of-subject"' : '';
    const from = left + labelWidth;
    return [
      `<text${bold} x="${from - 8}" y="${y + 11}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${kind}" x="${from}" y="${y}" width="${length}" height="14"/>`,
      `<text${bold} x="${(from + Number(length) + 6).toFixed(1)}" y="${y + 11}">${numberText(value)}</text>`,
    ].join('');
  });
  const heading = `<text class="title" x="${left}" y="${top + 16}">${escaped(title)}</text>`;
  const hint = `<text class="about" x="${left}" y="${top + 32}">${about}</text>`;
  return [heading, hint, ...lines].join('\n');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
