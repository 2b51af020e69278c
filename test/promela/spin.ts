/** Runs `spin` on a folder with a model, compiles what it makes, and reads what the search found. */
import { spawnSync } from 'node:child_process';

export interface SpinReport {
  readonly states: number;
  readonly transitions: number;
  /** What it stopped at; `null` if it saw everything and nothing was wrong. */
  readonly error: string | null;
  readonly memoryMegabytes: number;
  readonly seconds: { readonly generate: number; readonly compile: number; readonly search: number };
}

const tools = [
  ['spin', '-V'],
  ['gcc', '--version'],
] as const;

/** Those of the tools that are not installed. */
export function missingTools(): string[] {
  return tools.flatMap(([tool, option]) => (spawnSync(tool, [option]).error === undefined ? [] : [tool]));
}

/** Statements on the longest way through the search. Each moment takes some hundred. */
const depthMax = 1_000_000;

const megabytesMax = 12_000;

/** Optimized, the compiler would take longer than most searches. */
const compilerOptions = ['-O0', '-w', '-DSAFETY', '-DNOREDUCE', '-DCOLLAPSE', `-DMEMLIM=${megabytesMax}`];

export function runSpin(folder: string): SpinReport {
  const generate = timed(folder, 'spin', ['-a', 'pool.pml']);
  const compile = timed(folder, 'gcc', [...compilerOptions, '-o', 'pan', 'pan.c']);
  const search = timed(folder, './pan', [`-m${depthMax}`, '-w22', '-n']);
  return {
    ...readReport(search.output),
    seconds: { generate: generate.seconds, compile: compile.seconds, search: search.seconds },
  };
}

function timed(
  folder: string,
  program: string,
  parameters: readonly string[],
): { output: string; seconds: number } {
  const startedAtMs = performance.now();
  const { stdout, stderr, status, error } = spawnSync(program, parameters, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) throw error;
  const output = `${stdout}${stderr}`;
  // What the search itself finds is in its report.
  if (status !== 0 && program !== './pan') throw new Error(`${program} failed:\n${output}`);
  return { output, seconds: (performance.now() - startedAtMs) / 1_000 };
}

function readReport(output: string): Omit<SpinReport, 'seconds'> {
  const numberIn = (pattern: RegExp): number => {
    const found = pattern.exec(output)?.[1];
    if (found === undefined) throw new Error(`The search says nothing of ${pattern.source}:\n${output}`);
    return Number(found);
  };
  const errors = numberIn(/errors: (\d+)/u);
  const problem = /^pan:\d+: (.*)$/mu.exec(output)?.[1] ?? 'an error without a name';
  const isCutShort = /max search depth too small|out of memory|Search not completed/u.test(output);
  return {
    states: numberIn(/^\s*([\d.e+]+) states, stored/mu),
    transitions: numberIn(/^\s*([\d.e+]+) transitions/mu),
    error: errors > 0 ? problem : isCutShort ? 'the search was cut short' : null,
    memoryMegabytes: numberIn(/^\s*([\d.]+)\s+total actual memory usage/mu),
  };
}
