/** `troupe verify --mutate`: proves that a mistake in the pool's machines would be noticed, by making it. */
import process from 'node:process';
import { mutationTable, mutationText } from '../verify/mutation-text.ts';
import { type MutationReport, runMutants } from '../verify/mutation-run.ts';
import { Battery, poolMutants } from '../verify/pool/battery.ts';
import { equivalentMutants } from '../verify/pool/equivalent-mutants.ts';
import { UsageError } from './usage-error.ts';
import type { VerifyOptions } from './verify-options.ts';
import { readScenarios } from './verify-scenarios.ts';

/**
 * The answer is the exit code: 1 if a mutant survives that is not listed as equivalent, or if one is listed
 * that is noticed.
 */
export async function runMutation({ only, scenarios, json }: VerifyOptions): Promise<number> {
  const all = poolMutants();
  const kinds = [...new Set(all.map((mutant) => mutant.of))];
  const unknown = only.find((name) => !kinds.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`No machine of the pool is called '${unknown}'. There are ${kinds.join(', ')}.`);
  const battery = batteryWith(scenarios, kinds);
  const isWanted = (of: string): boolean => only.length === 0 || only.includes(of);
  const report = await runMutants(
    all.filter(({ of }) => isWanted(of)),
    (mutant) => battery.killerOf(mutant),
    {
      equivalents: equivalentMutants.filter(({ id }) => isWanted(id.split(' ')[0] ?? '')),
      means: battery.means,
      onProgress: ({ done, total, id }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} of ${total}: ${id.slice(0, 60)}`);
      },
    },
  );
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${json ? JSON.stringify(report, null, 2) : textOf(report)}\n`);
  return report.survived.length > 0 || report.staleEquivalents.length > 0 ? 1 : 0;
}

function batteryWith(folder: string | undefined, kinds: readonly string[]): Battery {
  const battery = new Battery(folder === undefined ? [] : readScenarios(folder, kinds));
  const stale = battery.staleScenario();
  if (stale === undefined) return battery;
  throw new UsageError(
    `The scenario ${stale.machine}/${stale.name} does not say what the machine does, so it would notice ` +
      'every mutant. --scenarios expects scenarios that hold: run their test first.',
  );
}

const textOf = (report: MutationReport): string => `${mutationText(report)}\n\n${mutationTable(report)}`;
