/** Runs the little programs of `fixtures/references`, and reads the line of JSON each prints. */
import { spawn } from 'node:child_process';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** What is known of each function a program asked for: a reference, a refusal, or null if it has none. */
export interface Shown {
  readonly answers: Readonly<Record<string, Answer | null>>;
  readonly execArgv: readonly string[];
}

export interface Answer {
  readonly url?: string;
  readonly name?: string;
  readonly code?: string;
  readonly path?: string;
  readonly refused?: string;
}

/** What `load.mjs` made of each reference. */
type Loaded = Readonly<Record<string, LoadedOutcome>>;

export interface LoadedOutcome {
  readonly value?: unknown;
  readonly isRemembered?: boolean;
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
}

export interface ProgramOptions {
  readonly command?: string;
  readonly execArgv?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The file URL of a fixture. */
export function fixtureUrl(name: string): string {
  return new URL(`../fixtures/references/${name}`, import.meta.url).href;
}

/** The functions of a program, with their references. */
export async function showProgram(name: string, options: ProgramOptions = {}): Promise<Shown> {
  return JSON.parse(await runNode([fileURLToPath(fixtureUrl(name))], options)) as Shown;
}

/** What came of each call that a program made through a pool. */
export async function runProgram(
  name: string,
  options: ProgramOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await runNode([fileURLToPath(fixtureUrl(name))], options)) as Record<string, unknown>;
}

/** What a fresh process makes of the references: it imports each, and calls it with 100. */
export async function loadAll(
  references: Readonly<Record<string, object>>,
  options: ProgramOptions = {},
): Promise<Loaded> {
  const loader = fileURLToPath(fixtureUrl('load.mjs'));
  return JSON.parse(await runNode([loader, JSON.stringify(references)], options)) as Loaded;
}

/** What a Node process prints. */
export async function runNode(
  args: readonly string[],
  { command = process.execPath, execArgv = [], env = {} }: ProgramOptions = {},
): Promise<string> {
  const child = spawn(command, [...execArgv, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (stdout === '') throw new Error(`${args.join(' ')} printed nothing:\n${stderr}`);
  return stdout;
}
