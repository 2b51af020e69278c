/** The command line of the benchmark. */
import { parseArgs } from 'node:util';
import { contenders } from './contenders.mjs';
import { measurements } from './measurements.mjs';

export const usage = `Usage: npm run bench -- [options]

  --rounds N            how often everything is measured (5; with --quick 1)
  --only a,b            measurements: ${measurements.map(({ name }) => name).join(', ')}
  --contenders a,b      ${contenders.map(({ name }) => name).join(', ')}
  --quick               fewer calls and one round: to see that it works, not to quote
  --json FILE           also write the report, as data, to FILE
  --write-docs          rewrite docs/reference/performance.md and test/bench/results/latest.json
  --help                print this
`;

/** Turns arguments into options; throws an error whose message is meant for the person who typed them. */
export function parseOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      only: { type: 'string' },
      contenders: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values['write-docs'] && (values.quick || values.only !== undefined || values.contenders !== undefined))
    throw new Error('--write-docs wants a whole run: leave out --quick, --only and --contenders.');
  return {
    rounds: positiveInteger(values.rounds ?? (values.quick ? '1' : '5')),
    measurements: chosen(measurements, values.only, '--only'),
    contenders: chosen(contenders, values.contenders, '--contenders'),
    size: values.quick ? 'quick' : 'full',
    jsonFile: values.json,
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
  if (unknown !== undefined)
    throw new Error(`${option}: there is no "${unknown}"; known: ${all.map(({ name }) => name).join(', ')}.`);
  return all.filter(({ name }) => names.includes(name));
}
