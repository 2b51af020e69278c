/** `npm run bench`: measures, prints, and on request writes the data and the page. See `--help`. */
import { readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { measureAll } from './harness.mjs';
import { describeMachine, loadAverage, versionOf } from './machine.mjs';
import { parseOptions, usage } from './options.mjs';
import { machineLine } from './machine-line.mjs';
import { renderResults } from './page.mjs';
import { writeDocs } from './write-docs.mjs';

const lastData = new URL('./results/latest.json', import.meta.url);

async function measure({ measurements, contenders, rounds, size }) {
  const loadBefore = loadAverage();
  const entries = await measureAll({ measurements, contenders, rounds, size, onOutcome: printProgress });
  return {
    machine: describeMachine(),
    loadBefore,
    loadAfter: loadAverage(),
    rounds,
    size,
    contenders: contenders.map((contender) => ({ ...contender, version: versionOf(contender) })),
    entries,
  };
}

function printProgress({ round, measurement, contender, outcome }) {
  const { kind, note = '' } = outcome;
  const problem = kind === 'measured' ? '' : `: ${kind} ${note}`;
  process.stderr.write(`round ${round + 1}, ${measurement.name}, ${contender}${problem}\n`);
}

/** What is measured apart. */
function lastApart() {
  const { closures, startUp } = JSON.parse(readFileSync(lastData, 'utf8'));
  return { closures, startUp };
}

async function main(args) {
  const options = parseOptions(args);
  if (options.wantsHelp) {
    process.stdout.write(usage);
    return;
  }
  const report = await measure(options);
  process.stdout.write(`${machineLine(report)}\n\n${renderResults(report)}\n`);
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, JSON.stringify(report, undefined, 2));
  if (options.writesDocs) writeDocs({ ...report, ...lastApart() });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
