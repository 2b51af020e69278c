/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { contenders } from './contenders.mjs';
import { measurements } from './measurements.mjs';

/** What troupe alone is measured in, in tables of their own. */
const apart = [{ name: 'closures' }, { name: 'start-up' }];
const known = [...measurements, ...apart];
const namesOf = (all) => all.map(({ name }) => name).join(', ');

export const usage = `Usage: npm run bench -- [options]

  --rounds N            how often everything is measured (5; with --quick 1)
  --only a,b            measurements: ${namesOf(known)}
  --contender a,b       ${namesOf(contenders)}
  --quick               fewer calls and one round: to see that it works, not to quote
  --json FILE           also write the report, as data, to FILE
  --out FOLDER          write the page, its chart and the data to FOLDER
  --write-docs          rewrite docs/reference/performance.md, its chart and test/bench/results/latest.json
  --help                print this
`;

/** Turns arguments into options; throws an error whose message is meant for the person who typed them. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      contender: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      out: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values['write-docs'] && (values.quick || values.only !== undefined || values.contender !== undefined))
    throw new Error('--write-docs wants a whole run: leave out --quick, --only and --contender.');
  const chosenNames = namesOf(chosen(known, values.only, '--only')).split(', ');
  return {
    rounds: positiveInteger(values.rounds ?? (values.quick ? '1' : '5')),
    measurements: measurements.filter(({ name }) => chosenNames.includes(name)),
    measuresClosures: chosenNames.includes('closures'),
    measuresStartUp: chosenNames.includes('start-up'),
    contenders: chosen(contenders, values.contender, '--contender'),
    size: values.quick ? 'quick' : 'full',
    jsonFile: values.json,
    outFolder: values.out,
    writesDocs: values['write-docs'],
    wantsHelp: values.help,
  };
}

function positiveInteger(text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--rounds wants a number from 1, not "${text}".`);
  return number;
}

function chosen(all, list, option) {
  if (list === undefined) return all;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => all.every((one) => one.name !== name));
  if (unknown !== undefined) throw new Error(`${option}: there is no "${unknown}"; known: ${namesOf(all)}.`);
  return all.filter(({ name }) => names.includes(name));
}
