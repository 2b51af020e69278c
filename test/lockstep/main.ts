/**
 * The command `tsx test/lockstep/main.ts [--all] [--walks N] [--seed N] [--lanes N] [--replay FILE]`: real
 * pools and real, gated child processes driven along paths of the model. `--all`: all paths that cover it,
 * not a sample. `--walks`: so many random walks through each of the wide scopes instead. `--replay`: holds a
 * trace of `tsx test/chaos/main.ts` against the model instead.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { Random } from '../workload/random.ts';
import { readTrace, replayTrace } from './replay.ts';
import { type Assignment, assign, runAll, walk } from './run.ts';
import { largeScopes, scopes, wideScopes } from './scopes.ts';

async function drive(
  assignments: readonly Assignment[],
  lanes: number,
  pairs: number | null,
): Promise<boolean> {
  const startedAtMs = performance.now();
  const report = await runAll(assignments, lanes);
  const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
  if (report.story !== null) process.stdout.write(`${report.story}\n\n`);
  process.stdout.write(
    `${report.agreed} of ${assignments.length} paths agree, ${report.processes} processes, ` +
      `${report.steps} steps, ${report.dropped} not reproducible, ` +
      `${pairs === null ? '' : `pairs covered ${report.pairs} of ${pairs}, `}${seconds} s\n`,
  );
  return report.story === null;
}

function replay(file: string): boolean {
  const { problems, pools, steps, workers, facts, possibleMax } = replayTrace(readTrace(file));
  for (const problem of problems) process.stdout.write(`${problem}\n\n`);
  process.stdout.write(
    `${file}: ${pools} pools, ${steps} steps, ${workers} workers, ${facts} facts explained, ` +
      `at most ${possibleMax} states of a child possible, ${problems.length} moves that cannot be\n`,
  );
  return problems.length === 0;
}

async function run(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      walks: { type: 'string', default: '0' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      lanes: { type: 'string', default: '3' },
      replay: { type: 'string' },
    },
  });
  const lanes = Number(values.lanes);
  if (values.replay !== undefined) return replay(values.replay);
  if (values.walks === '0') {
    const { all, pairs } = values.all ? assign({ ...scopes, ...largeScopes }) : assign(scopes, 1);
    return drive(all, lanes, pairs);
  }
  process.stdout.write(`seed ${values.seed}\n`);
  return drive(walk(wideScopes, Number(values.walks), new Random(Number(values.seed))), lanes, null);
}

// What a path that differs leaves behind must not keep this process from ending.
process.exit((await run()) ? 0 : 1);
