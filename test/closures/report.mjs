/** What a program of these tests does: leaves a line for each of its runs, and in the end one report. */
import { appendFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { runCases } from './run-cases.mjs';

/** Called where the main script begins. */
export function countRun() {
  const { TROUPE_CLOSURES_RUNS: file } = process.env;
  if (file !== undefined) appendFileSync(file, `${process.pid}\n`);
}

/** What is particular about this program, for the cases that ask. */
export const traits = (process.env.TROUPE_CLOSURES_TRAITS ?? '').split(',').filter((each) => each !== '');

/** Runs the cases of the groups that are asked for (all, unless said otherwise), and writes what came of them. */
export async function report(cases, createPool) {
  const { TROUPE_CLOSURES_GROUPS: groups, TROUPE_CLOSURES_REPORT: file } = process.env;
  const wanted = groups?.split(',');
  const chosen = cases.filter(({ name }) => wanted?.includes(name.split(':')[0]) ?? true);
  const unhandled = [];
  process.on('unhandledRejection', (error) => unhandled.push(String(error?.stack ?? error)));
  const results = await runCases(chosen, createPool, traits);
  results.push({ name: 'no rejection is lost', ok: unhandled.length === 0, detail: unhandled.join('\n') });
  const text = JSON.stringify(results);
  if (file === undefined) showFailures(results);
  else writeFileSync(file, text);
}

/** For a person who runs the program by hand. */
function showFailures(results) {
  const failed = results.filter(({ ok }) => !ok);
  for (const { name, detail } of failed) console.log(`${name}\n    ${detail}`);
  console.log(`${results.length - failed.length} of ${results.length}`);
}
