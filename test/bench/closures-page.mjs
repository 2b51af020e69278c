/** The section of the page about closures; nothing as long as they were not measured. */
import { machineLine } from './machine-line.mjs';
import { spread } from './statistics.mjs';
import { spreadText } from './summary.mjs';
import { table } from './table.mjs';

const columns = [
  { part: 'encode', label: 'parent CPU, µs' },
  { part: 'rebuild', label: 'child CPU, µs' },
  { part: 'roundTrip', label: 'round trip, µs' },
];

/** The section as Markdown. */
export function renderClosures(closures) {
  if (closures === undefined) return '';
  const { values, rounds } = closures;
  const names = Object.keys(values.encode[0]);
  const rows = names.map((name) => [name].concat(columns.map(({ part }) => cellOf(values[part], name))));
  return [
    '## Closures',
    '',
    'What a call costs whose function is sent with what it captures, beside one whose function is imported:',
    'to encode it in the parent, and to build function and arguments in the child (both without sending), as',
    'CPU time in a loop; and the whole call, one at a time, in one warm worker. A new closure each time but',
    `where it says otherwise. ${rounds} rounds of fresh processes, in which the rows take turns; troupe`,
    'alone, after what is measured above:',
    '',
    machineLine(closures),
    '',
    table(['', ...columns.map(({ label }) => label)], rows),
    '',
    `- Heap of the parent after ${capturesText(values.memory)} captures of new closures with 3 captures`,
    `  each: ${heapText(values.memory)}.`,
  ].join('\n');
}

function cellOf(rounds, name) {
  const found = rounds.flatMap((values) => values[name] ?? []);
  return found.length === 0 ? '' : spreadText(spread(found));
}

function capturesText([{ captures = 100_000 }]) {
  return captures.toLocaleString('en-US');
}

function heapText(rounds) {
  const after = spreadText(spread(rounds.map((round) => round.after)));
  const before = spreadText(spread(rounds.map((round) => round.before)));
  return `${after} MB, and before them ${before} MB`;
}
