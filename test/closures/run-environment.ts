/** Runs the program of one environment, and reads its report. */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { type Environment, type NodeCommand, root } from './environments.ts';
import type { CaseResult } from './run-cases.mjs';

export interface Report {
  readonly results: readonly CaseResult[];
  /** How often the main script ran, in whatever process. */
  readonly runs: number;
  /** Why there are no results. */
  readonly failure: string;
}

/** Only a program that hangs is ended by this. */
const patienceMs = 120_000;

export async function runEnvironment(
  { name, traits = [], groups, prepare }: Environment,
  folder: string,
): Promise<Report> {
  const own = path.join(folder, name.replaceAll(/\W+/gu, '-'));
  await mkdir(own, { recursive: true });
  const [reportFile, runsFile] = [path.join(own, 'report.json'), path.join(own, 'runs')];
  await rm(runsFile, { force: true });
  const env = {
    ...programEnvironment(),
    TROUPE_CLOSURES_REPORT: reportFile,
    TROUPE_CLOSURES_RUNS: runsFile,
    TROUPE_CLOSURES_TRAITS: traits.join(),
    ...(groups === undefined ? {} : { TROUPE_CLOSURES_GROUPS: groups.join() }),
  };
  const said = await prepareAndRun(prepare, own, env);
  const [report, runs] = await Promise.all([reportFile, runsFile].map((file) => readOrEmpty(file)));
  return {
    results: report === undefined || report === '' ? [] : (JSON.parse(report) as CaseResult[]),
    runs: (runs ?? '').split('\n').length - 1,
    failure: report === '' ? `No report.\n${said}` : '',
  };
}

async function prepareAndRun(
  prepare: Environment['prepare'],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  try {
    return await runCommand(await prepare(folder), env);
  } catch (error) {
    return String(error);
  }
}

/** This process's, without what vitest says to its own workers. */
function programEnvironment(): NodeJS.ProcessEnv {
  const { VITEST: _, VITEST_MODE: __, VITEST_POOL_ID: ___, VITEST_WORKER_ID: ____, ...rest } = process.env;
  return rest;
}

async function runCommand(command: NodeCommand, env: NodeJS.ProcessEnv): Promise<string> {
  const { args, stdin = '', isInteractive = false } = command;
  const child = spawn(process.execPath, args, { cwd: root, env, timeout: patienceMs, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {});
  if (isInteractive) child.stdin.write(stdin);
  else child.stdin.end(stdin);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return `${stdout}${stderr}`.slice(-4000);
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}
