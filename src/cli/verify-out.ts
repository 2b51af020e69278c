/** The file for a counterexample: tried before the search, for nobody wants to hear of it hours later. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../verify/check.ts';
import { toFile } from '../verify/replay.ts';
import { UsageError } from './usage-error.ts';

/** Throws a `UsageError` if the file could not be written. */
export function expectWritable(file: string): void {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) throw new UsageError(`--out ${file} is a folder. Name a file in it.`);
    accessSync(found === undefined ? path.dirname(file) : file, constants.W_OK);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`--out ${file} cannot be written. ${String(error)}`);
  }
}

/** Writes the counterexample of a report; the answer says what became of it. */
export function writeOut(file: string, report: Report): string {
  try {
    writeFileSync(file, `${JSON.stringify(toFile(report), null, 2)}\n`);
    return `Written to ${file}: step through it with troupe verify --replay ${file}`;
  } catch (error) {
    return `Not written to ${file}. ${String(error)}`;
  }
}
