/** The command `tsx test/chaos/main.ts`: real processes, real signals, and a ledger that must be even. */
import process from 'node:process';
import { Campaign } from './campaign.ts';
import { describeLedger, Display } from './display.ts';
import { type ChaosOptions, help, readChaosOptions, UsageError } from './options.ts';
import { Trace } from './trace.ts';

async function run({ durationMs, seed, json, trace: file }: ChaosOptions): Promise<number> {
  process.stderr.write(`seed ${seed}\n`);
  const trace = file === undefined ? null : new Trace(file);
  const campaign = new Campaign({ durationMs, seed, trace });
  // What nobody catches, and what Node warns of, is a mistake of ours.
  process.on('uncaughtException', (error) =>
    campaign.report(`Nobody caught ${error.stack ?? String(error)}`),
  );
  process.on('warning', ({ message }) => campaign.report(`Node warns: ${message}`));
  const display = new Display(campaign);
  const ledger = await campaign.run();
  display.close();
  trace?.close();
  process.stdout.write(json ? `${JSON.stringify(ledger)}\n` : describeLedger(ledger));
  return ledger.problems.length === 0 ? 0 : 1;
}

async function main(commandLine: readonly string[]): Promise<number> {
  try {
    const options = readChaosOptions(commandLine);
    if (options !== null) return await run(options);
    process.stdout.write(help);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nSee --help.\n`);
    return 2;
  }
}

// A round that hangs must not keep this process from ending.
const exitCode = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(exitCode));
