/** Says what a call of a function would send, and warns of functions that hold on to very much. */
import process from 'node:process';
import type { FunctionReference } from '../../machines/protocol.ts';
import { type ExplainedPart, explainParts, heaviestPart, type Weighable } from './closure/explain.ts';

/** What a call of a function sends beside its arguments. */
export interface Explanation {
  /** By reference, workers import it; by value, it goes with all it captures. */
  readonly by: 'reference' | 'value';
  /** The module and the export that workers import. */
  readonly reference: FunctionReference | undefined;
  /** What every call sends. */
  readonly bytes: number;
  /** The texts of functions and classes, which each worker gets once. */
  readonly codeBytes: number;
  /** Each thing that is sent and the way to it, nearest first. */
  readonly parts: readonly ExplainedPart[];
  /** Where most of the bytes are. */
  readonly heaviest: ExplainedPart | undefined;
  /** The same for people to read. */
  toString(): string;
}

/** A function that goes by reference. */
export function explainReference(reference: FunctionReference): Explanation {
  return {
    by: 'reference',
    reference,
    bytes: 0,
    codeBytes: 0,
    parts: [],
    heaviest: undefined,
    toString: () => `By reference: workers import \`${reference.name}\` from ${reference.url}.`,
  };
}

/** A function that goes by value. */
export function explainCaptured(captured: Weighable, name: string): Explanation {
  const parts = explainParts(captured);
  const bytes = parts[0]?.totalBytes ?? 0;
  const codeBytes = captured.units.reduce((sum, unit) => sum + JSON.stringify(unit).length, 0);
  const heaviest = heaviestPart(parts, name);
  return {
    by: 'value',
    reference: undefined,
    bytes,
    codeBytes,
    parts,
    heaviest,
    toString: () =>
      [
        `By value: ${sizeText(bytes)} with every call, ${sizeText(codeBytes)} of code once per worker.`,
        ...parts
          .slice(0, shownParts)
          .map(({ path, what, by, from, totalBytes }) =>
            by === 'reference'
              ? `  ${path}: ${what}, by reference (${from ?? ''})`
              : `  ${path}: ${what}, ${sizeText(totalBytes)}`,
          ),
        ...(parts.length > shownParts ? [`  and ${parts.length - shownParts} more`] : []),
        ...(heaviest === undefined || parts.length < 2 ? [] : [`Most of it: ${heaviest.path}`]),
      ].join('\n'),
  };
}

/** How many parts a text lists. */
const shownParts = 20;

/** More than this with every call is most often a mistake. */
const largeBytes = 1024 * 1024;
const warnedOf = new Set<string>();

/** Warns, once per function, if it and what it captures are large. */
export function warnIfLarge(captured: Weighable, byteLength: number): void {
  const [name = ''] = captured.labels;
  const unitId = captured.units[0]?.id;
  if (byteLength <= largeBytes || unitId === undefined || warnedOf.has(unitId)) return;
  const { bytes, heaviest } = explainCaptured(captured, name);
  if (bytes <= largeBytes || heaviest === undefined) return;
  warnedOf.add(unitId);
  process.emitWarning(
    `A function that was sent to a worker captures ${sizeText(bytes)}, most of it by ` +
      `\`${heaviest.path}\` (${sizeText(heaviest.totalBytes)}), and sends it with every call. ` +
      'Load it inside the task or in `initialize`, or capture only the part that is needed. ' +
      'pool.explain(fn) shows all parts.',
    { type: 'TroupeWarning', code: 'TROUPE_LARGE_CLOSURE' },
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < largeBytes ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / largeBytes).toFixed(1)} MiB`;
}
