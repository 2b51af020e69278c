/** The section of the page about starting; nothing as long as it was not measured. */
import { machineLine } from './machine-line.mjs';
import { pairedRatios, spread } from './statistics.mjs';
import { spreadText } from './summary.mjs';
import { table } from './table.mjs';

const rows = [
  { name: 'bareMs', label: '`node -e 0`, from start to end' },
  { name: 'helloMs', label: 'a child, until it says hello' },
  { name: 'modulesHelloMs', label: 'the same from the modules that its files are made of' },
  { name: 'firstResultMs', label: 'cold start: a new pool, until its first result' },
  { name: 'detectMs', label: 'SIGKILL to an idle worker, until its loss is told' },
  { name: 'restartMs', label: 'SIGKILL to an idle worker, until the next result' },
  { name: 'heavyMs', label: 'cold start of a task that imports zod, no compile cache' },
  { name: 'heavyCachedMs', label: 'the same with it' },
  { name: 'importMs', label: "`import 'troupe'` in the program" },
];

/** The section as Markdown. */
export function renderStartUp(startUp) {
  if (startUp === undefined) return '';
  const { values, rounds } = startUp;
  const column = (name) => values.map((round) => round[name]);
  const ratio = (name, to) => spreadText(spread(pairedRatios(column(name), column(to))));
  // What was measured before a row was there lacks it.
  const measured = rows.filter(({ name }) => values.every((round) => name in round));
  const cells = measured.map(({ name, label }) => [
    label,
    spreadText(spread(column(name))),
    name === 'bareMs' ? '' : ratio(name, 'bareMs'),
  ]);
  return [
    '## Starting',
    '',
    'What it takes to start a worker, and a program: one worker, a task that does nothing and whose function',
    `is imported. ${rounds} rounds of fresh processes, in which the rows take turns; troupe alone, after`,
    'what is measured above:',
    '',
    machineLine(startUp),
    '',
    table(['', 'ms', '÷ `node -e 0`'], cells),
    '',
    `- A restart is ${ratio('restartMs', 'firstResultMs')} of a cold start.`,
  ].join('\n');
}
