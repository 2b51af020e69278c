/** Keeps the books of the demo: what came back for which file, how often, and what never did. */
import { TroupeError } from '../errors.ts';
import type { SourceFile } from './demo-files.ts';
import type { FileResult } from './demo-work.ts';

/** What one language, or all of them, adds up to. */
export interface Totals {
  readonly language: string;
  files: number;
  bytes: number;
  compressedBytes: number;
  functions: number;
  classes: number;
  imports: number;
  strings: number;
  nodes: number;
  /** Files that were parsed, or should have been. */
  parsed: number;
  broken: number;
}

export interface Failure {
  readonly path: string;
  readonly message: string;
}

/** The books. Results are entered under the path they carry, not the one that was asked for: mix-ups show. */
export class Tally {
  readonly #files: ReadonlyMap<string, SourceFile>;
  readonly #results = new Map<string, FileResult>();
  readonly #answers = new Map<string, number>();
  /** The function itself threw: the file could not be read. */
  readonly failures: Failure[] = [];
  /** The pool gave the task up. */
  readonly abandoned: Failure[] = [];
  bytesDone = 0;

  constructor(files: readonly SourceFile[]) {
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  enter(result: FileResult): void {
    this.#results.set(result.path, result);
    this.#answers.set(result.path, (this.#answers.get(result.path) ?? 0) + 1);
    this.bytesDone += result.bytes;
  }

  enterFailure(path: string, error: unknown): void {
    const failure = { path, message: error instanceof Error ? error.message : String(error) };
    if (error instanceof TroupeError) this.abandoned.push(failure);
    else this.failures.push(failure);
    this.bytesDone += this.#files.get(path)?.bytes ?? 0;
  }

  resultOf(path: string): FileResult | undefined {
    return this.#results.get(path);
  }

  get filesDone(): number {
    return this.#results.size + this.failures.length;
  }

  /** Files nothing is known about: no result, and no error of their own either. Meaningful at the end. */
  get lost(): number {
    const failed = new Set(this.failures.map((failure) => failure.path));
    return [...this.#files.keys()].filter((path) => !this.#answers.has(path) && !failed.has(path)).length;
  }

  /** Answers beyond the first to one file, and answers about files nobody asked for. */
  get duplicates(): number {
    const answers = [...this.#answers.entries()];
    return answers.reduce((sum, [path, count]) => sum + count - (this.#files.has(path) ? 1 : 0), 0);
  }

  /** One row per language, the largest first. */
  byLanguage(): Totals[] {
    const rows = new Map<string, Totals>();
    for (const result of this.#results.values()) {
      const row = rows.get(result.language) ?? emptyTotals(result.language);
      rows.set(result.language, row);
      addResult(row, result);
    }
    return [...rows.values()].toSorted((one, other) => other.bytes - one.bytes);
  }

  total(): Totals {
    const total = emptyTotals('total');
    for (const result of this.#results.values()) addResult(total, result);
    return total;
  }
}

function emptyTotals(language: string): Totals {
  const syntax = { functions: 0, classes: 0, imports: 0, strings: 0, nodes: 0, parsed: 0, broken: 0 };
  return { language, files: 0, bytes: 0, compressedBytes: 0, ...syntax };
}

function addResult(totals: Totals, { bytes, compressedBytes, counts, syntax }: FileResult): void {
  totals.files += 1;
  totals.bytes += bytes;
  totals.compressedBytes += compressedBytes;
  totals.functions += counts.functions;
  totals.classes += counts.classes;
  totals.imports += counts.imports;
  totals.strings += counts.strings;
  totals.nodes += counts.nodes;
  totals.parsed += syntax === 'not parsed' ? 0 : 1;
  totals.broken += syntax === 'broken' ? 1 : 0;
}
