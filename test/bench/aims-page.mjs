/** The sections that say how fast troupe is in all: the aims, and where it stands beside the best peers. */
import { aims, judge } from './aims.mjs';
import { besideBest, isBehind } from './best-peers.mjs';
import { measurements } from './measurements.mjs';
import { numberText, spreadText, subjectOf } from './summary.mjs';
import { table } from './table.mjs';

/** Each aim with what was measured; those of which nothing was are left out. */
export function renderAims(report) {
  if (subjectOf(report) !== 'troupe') return '';
  const judged = aims
    .map((aim) => judge(aim, report, measurements))
    .filter(({ measured }) => measured !== undefined);
  if (judged.length === 0) return '';
  const rows = judged.map(({ text, aim, measured, other, isMet }) => [
    text,
    aim.most === undefined ? `≥ ${numberText(aim.least)}` : `≤ ${numberText(aim.most)}`,
    `${spreadText(measured)}${other === undefined || other === 'troupe' ? '' : `, ${other}`}`,
    isMet ? 'met' : '**not met**',
  ]);
  const met = judged.filter(({ isMet }) => isMet).length;
  return [
    '## Aims',
    '',
    'What troupe sets out to be, and what this run saw: by the median,',
    `${met} of ${judged.length} aims are met.`,
    'A ratio is troupe divided by the other, within each round, unless the line says otherwise.',
    '',
    table(['', 'aim', 'measured', ''], rows, { isText: true }),
  ].join('\n');
}

/** Every metric beside the best peer of either kind; who is ahead of the subject is in bold. */
export function renderBest(report) {
  const subject = subjectOf(report);
  const { contenders } = report;
  const cellOf = (entry, metric, kind) => {
    const found = besideBest(entry, metric, { contenders, subject, kinds: [kind] });
    if (found === undefined) return '';
    const text = `${spreadText(found.ratio)}, ${found.peer}`;
    return isBehind(found.ratio.median, metric) ? `**${text}**` : text;
  };
  const rows = report.entries.flatMap((entry) => {
    const { title, metrics, series } = measurements.find(({ name }) => name === entry.name);
    if (series !== undefined) return [];
    return metrics
      .filter(({ isAlone = false }) => !isAlone)
      .map((metric) => [
        `${title}: ${metric.label}`,
        metric.better === 'higher' ? 'above 1' : 'below 1',
        cellOf(entry, metric, 'process'),
        cellOf(entry, metric, 'thread'),
      ]);
  });
  const compared = rows.filter(([, , process, thread]) => process !== '' || thread !== '');
  if (compared.length === 0) return '';
  const header = ['', 'in favour', 'best process-mode peer', 'best thread-mode peer'];
  return [
    '## Beside the best peers',
    '',
    `For each figure the ratio \`${subject} ÷ peer\` to the peer that is best at it, in **bold** where the`,
    'peer is ahead.',
    '',
    table(header, compared, { isText: true }),
  ].join('\n');
}
