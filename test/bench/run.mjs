/** `npm run bench`: measures, prints, and on request writes data, page and chart. See `--help`. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { measureClosures } from './closures.mjs';
import { measureAll } from './harness.mjs';
import { describeMachine, loadAverage, versionOf } from './machine.mjs';
import { parseOptions, usage } from './options.mjs';
import { machineLine } from './machine-line.mjs';
import { renderForTerminal } from './page.mjs';
import { measureStartUp } from './start-up.mjs';
import { writeDocs, writeTo } from './write-docs.mjs';

async function measure({ measurements, contenders, rounds, size, measuresClosures, measuresStartUp }) {
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
    ...(measuresClosures && { closures: measureClosures({ rounds, size }) }),
    // One takes a second, and needs more of them than others do.
    ...(measuresStartUp && { startUp: await measureStartUp({ rounds: 3 * rounds }) }),
  };
}

function printProgress({ round, measurement, contender, outcome, elapsedMs }) {
  const { kind, note = '' } = outcome;
  const problem = kind === 'measured' ? '' : `: ${kind} ${note}`;
  const seconds = (elapsedMs / 1000).toFixed(1);
  process.stderr.write(`round ${round + 1}, ${measurement.name}, ${contender}, ${seconds} s${problem}\n`);
}

async function main(args) {
  const options = parseOptions(args);
  if (options.wantsHelp) {
    process.stdout.write(usage);
    return;
  }
  const startMs = performance.now();
  const report = await measure(options);
  process.stdout.write(`${machineLine(report)}\n\n${renderForTerminal(report)}\n`);
  process.stderr.write(`measured in ${Math.round((performance.now() - startMs) / 1000)} s\n`);
  if (options.jsonFile !== undefined) writeFileSync(options.jsonFile, JSON.stringify(report, undefined, 2));
  if (options.outFolder !== undefined) writeTo(options.outFolder, report);
  if (options.writesDocs) writeDocs(report);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n\n${usage}`);
  process.exitCode = 2;
}
