/**
 * The second opinion from the command line: `tsx test/promela/main.ts [--scope NAME]… [--keep FOLDER]`.
 * Exit code 0: both agree, or the tools are not installed; 1: they do not, or in CI the tools are missing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { machines } from '../../machines/index.ts';
import { compare, type Comparison, type Opinion } from './comparison.ts';
import { sharedScopes } from './scopes.ts';
import { missingTools } from './spin.ts';

const { values } = parseArgs({
  options: { scope: { type: 'string', multiple: true }, keep: { type: 'string' } },
});

function describe({ own, second, spin, agrees, moreWays }: Comparison): string {
  const { generate, compile, search } = spin.seconds;
  const times = [generate, compile, search].map((seconds) => seconds.toFixed(2)).join(' + ');
  const cost = `${second.seconds.toFixed(2)} s (${times}), ${spin.memoryMegabytes} MB`;
  const verdict = agrees ? 'they agree' : 'THEY DO NOT AGREE';
  const remark = agrees && moreWays > 0 ? ` on the moments; the checker counts ${moreWays} ways twice` : '';
  return [
    `  the checker  ${opinionText(own)}, ${own.seconds.toFixed(2)} s`,
    `  spin         ${opinionText(second)}, ${cost}`,
    `  ${verdict}${remark}`,
  ].join('\n');
}

const opinionText = ({ moments, ways, sentence }: Opinion): string =>
  `${moments.toLocaleString('en')} moments, ${ways.toLocaleString('en')} ways: ${sentence}`;

function run(names: readonly string[], folder: string): boolean {
  let isSame = true;
  for (const name of names) {
    const shared = sharedScopes[name];
    if (shared === undefined)
      throw new Error(`There is no scope '${name}', but: ${Object.keys(sharedScopes).join(', ')}.`);
    console.log(`${name}: ${shared.about}`);
    const comparison = compare(machines, shared.scope, path.join(folder, name.replaceAll(/\W+/gu, '-')));
    console.log(describe(comparison));
    isSame &&= comparison.agrees && comparison.own.isHealthy;
  }
  return isSame;
}

const missing = missingTools();
if (missing.length > 0) {
  console.log(`No second opinion: ${missing.join(' and ')} not installed.`);
  process.exitCode = process.env['CI'] === 'true' ? 1 : 0;
} else {
  const folder = values.keep ?? mkdtempSync(path.join(tmpdir(), 'troupe-promela-'));
  try {
    const names = values.scope ?? Object.keys(sharedScopes);
    process.exitCode = run(names, folder) ? 0 : 1;
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
