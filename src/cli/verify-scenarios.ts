/** Finds the scenarios that mutants are to play: text files in a folder per machine. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../verify/scenario.ts';
import { UsageError } from './usage-error.ts';

const extension = '.txt';

/** Reads a folder that has one for each of the machines; throws `UsageError` if it is not like that. */
export function readScenarios(folder: string, machines: readonly string[]): Scenario[] {
  const expected =
    `--scenarios expects a folder with one for each machine, ${machines.join(', ')}, and in each of these ` +
    `scenarios as text files, such as ${path.join(folder, machines[0] ?? '', `serves${extension}`)}.`;
  try {
    const unknown = readdirSync(folder).find((name) => !machines.includes(name));
    if (unknown !== undefined) throw new UsageError(`${path.join(folder, unknown)} belongs to no machine.`);
    return machines.flatMap((machine) => scenariosOf(machine, path.join(folder, machine)));
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} ${expected}`);
  }
}

function scenariosOf(machine: string, folder: string): Scenario[] {
  const files = readdirSync(folder);
  const other = files.find((file) => !file.endsWith(extension));
  if (other !== undefined) throw new UsageError(`${path.join(folder, other)} is no text file.`);
  if (files.length === 0) throw new UsageError(`${folder} is empty.`);
  return files.toSorted().map((file) => ({
    machine,
    name: file.slice(0, -extension.length),
    text: readFileSync(path.join(folder, file), 'utf8'),
  }));
}
