/**
 * A folder of its own for one test, where tasks leave traces and wait at gates: a gate is a file that
 * appears.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs a test with a new folder, and removes it. */
export async function withFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'troupe-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Lets every task go on that waits for this file. */
export async function openGate(file: string): Promise<void> {
  await writeFile(file, '');
}

/** The lines that tasks have written; none if there is no such file. */
export async function linesOf(file: string): Promise<string[]> {
  try {
    return (await readFile(file, 'utf8')).trimEnd().split('\n');
  } catch {
    return [];
  }
}
