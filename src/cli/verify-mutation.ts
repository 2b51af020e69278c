/** `troupe verify --mutate`: proves that the properties of the pool can fail, by breaking its machines. */
import process from 'node:process';
import { mutationTable, mutationText } from '../verify/mutation-text.ts';
import { runMutants } from '../verify/mutation-run.ts';
import { Battery, poolMutants } from '../verify/pool/battery.ts';
import { equivalentMutants, openMutants } from '../verify/pool/equivalent-mutants.ts';
import { UsageError } from './usage-error.ts';
import type { VerifyOptions } from './verify-options.ts';

/**
 * The answer is the exit code: 1 if a mutant survives that is neither known to mean the same nor listed as
 * open, or if a list names one that is noticed.
 */
export async function runMutation({ only, json }: VerifyOptions): Promise<number> {
  const all = poolMutants();
  const kinds = [...new Set(all.map((mutant) => mutant.of))];
  const unknown = only.find((name) => !kinds.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`No machine of the pool is called '${unknown}'. There are ${kinds.join(', ')}.`);
  const isWanted = (of: string): boolean => only.length === 0 || only.includes(of);
  const battery = new Battery();
  const report = await runMutants(
    all.filter(({ of }) => isWanted(of)),
    (mutant) => battery.killerOf(mutant),
    {
      equivalents: equivalentMutants.filter(({ id }) => isWanted(id.split(' ')[0] ?? '')),
      onProgress: ({ done, total, id }) => {
        if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} of ${total}: ${id.slice(0, 60)}`);
      },
    },
  );
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  const fresh = report.survived.filter((id) => !openMutants.includes(id));
  const closed = openMutants.filter(
    (id) => isWanted(id.split(' ')[0] ?? '') && !report.survived.includes(id),
  );
  process.stdout.write(
    json ? `${JSON.stringify(report, null, 2)}\n` : `${mutationText(report)}\n\n${mutationTable(report)}\n`,
  );
  if (!json) process.stdout.write(`\n${textOf(fresh, closed, report.survived.length)}\n`);
  return fresh.length > 0 || closed.length > 0 || report.staleEquivalents.length > 0 ? 1 : 0;
}

function textOf(fresh: readonly string[], closed: readonly string[], survived: number): string {
  return [
    `${survived - fresh.length} that live are listed as open: properties may be missing for them.`,
    ...listOf('Not noticed, and in no list:', fresh),
    ...listOf('Listed as open, and noticed now (take them off the list):', closed),
  ].join('\n');
}

function listOf(title: string, ids: readonly string[]): string[] {
  return ids.length === 0 ? [] : [title, ...ids.map((id) => `  ${id}`)];
}
