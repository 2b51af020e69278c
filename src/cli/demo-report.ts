/** The end of the demo as lines for a terminal: a table of languages, then what the run proved. */
import path from 'node:path';
import { inspect } from 'node:util';
import type { DemoOutcome } from './demo-outcome.ts';
import type { Difference } from './demo-baseline.ts';
import type { SourceFiles } from './demo-files.ts';
import type { Failure, Totals } from './demo-tally.ts';
import {
  count,
  counted,
  duration,
  megabytes,
  percent,
  piece,
  type Color,
  type Piece,
} from './terminal-text.ts';

const examplesMax = 3;
const barWidth = 12;

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (totals: Totals) => string;
}

const columns: readonly Column[] = [
  { title: 'files', width: 8, cell: (totals) => count(totals.files) },
  { title: 'MB', width: 8, cell: (totals) => megabytes(totals.bytes) },
  { title: 'functions', width: 11, cell: (totals) => ifParsed(totals, totals.functions) },
  { title: 'classes', width: 9, cell: (totals) => ifParsed(totals, totals.classes) },
  { title: 'imports', width: 9, cell: (totals) => ifParsed(totals, totals.imports) },
  { title: 'unparsed', width: 10, cell: (totals) => ifParsed(totals, totals.broken) },
  { title: 'brotli', width: 10, cell: (totals) => percent(ratio(totals), 1) },
];

function ifParsed(totals: Totals, value: number): string {
  return totals.parsed === 0 ? '–' : count(value);
}

function ratio(totals: Totals): number {
  return totals.bytes === 0 ? 0 : totals.compressedBytes / totals.bytes;
}

/** What the demo is about to do, and honestly how much of it. */
export function drawIntroduction(facts: {
  folder: string;
  files: SourceFiles;
  workers: number;
  chaosIntervalMs: number | undefined;
}): Piece[][] {
  const { files, workers, chaosIntervalMs } = facts;
  const nth = `every ${ordinal(files.everyNth)} file`;
  const all = `${counted(files.found, 'source file')}, ${megabytes(files.foundBytes)} MB`;
  const some = `${megabytes(files.takenBytes)} of ${megabytes(files.foundBytes)} MB, ${nth}`;
  const share =
    files.everyNth === 1 ? all : `${some}: ${count(files.taken.length)} of ${counted(files.found, 'file')}`;
  const left = files.tooLarge === 0 ? '' : ` (${files.tooLarge} above 2 MiB left out)`;
  const every = duration(chaosIntervalMs ?? 0).replace('1.0 s', 'second');
  const chaos = chaosIntervalMs === undefined ? 'nobody is killed' : `one is killed about every ${every}`;
  return [
    [],
    [piece('  troupe demo  ', 'bold'), piece(shortFolder(facts.folder))],
    [piece(`  ${share}${left}`, 'dim')],
    [piece(`  ${counted(workers, 'worker')}; ${chaos}`, 'dim')],
    [],
  ];
}

function shortFolder(folder: string): string {
  const relative = path.relative('', folder);
  if (relative === '') return '.';
  return relative.startsWith('..') ? folder : relative;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

/** Everything the demo has to say at its end. */
export function drawReport(outcome: DemoOutcome): Piece[][] {
  return [...drawTable(outcome), [], ...drawSummary(outcome), ...drawTrouble(outcome), []];
}

function drawTable({ languages, total }: DemoOutcome): Piece[][] {
  const head = columns.map(({ title, width }) => title.padStart(width)).join('');
  const rule = piece(
    `  ${'─'.repeat(12 + columns.reduce((sum, { width }) => sum + width, 0) + 2 + barWidth)}`,
    'dim',
  );
  return [
    [piece(`  ${'language'.padEnd(12)}${head}`, 'dim')],
    [rule],
    ...languages.map((totals) => drawRow(totals, 'plain')),
    [rule],
    drawRow(total, 'bold'),
  ];
}

function drawRow(totals: Totals, color: Color): Piece[] {
  const cells = columns.map(({ cell, width }) => cell(totals).padStart(width)).join('');
  const filled = Math.min(barWidth, Math.round(ratio(totals) * barWidth));
  return [
    piece(`  ${totals.language.padEnd(12)}${cells}  `, color),
    piece('▆'.repeat(filled), 'cyan'),
    piece('▆'.repeat(barWidth - filled), 'dim'),
  ];
}

function drawSummary(outcome: DemoOutcome): Piece[][] {
  const { pool, killed, retried, lost, duplicates, checked, differences, chaos, seed } = outcome;
  const speed = `${megabytes(pool.bytesPerSecond)} MB/s with ${counted(pool.workers, 'worker')}`;
  const price = killed === 0 ? '' : '; each kill costs a start and the work in hand';
  return [
    line('time', [piece(duration(pool.wallMs), 'bold'), piece(`   ${speed}`)]),
    line('speed', [
      piece(`${outcome.speedup.toFixed(1)}×`, 'bold'),
      piece(` one process   ${sampleWords(outcome)}`),
    ]),
    line('workers', [
      piece(`${killed} killed`, killed === 0 ? 'plain' : 'red'),
      piece(chaos.enabled ? `   with SIGKILL, seed ${seed}${price}` : '   as asked'),
    ]),
    line('tasks', [
      piece(`${count(retried)} retried   `),
      piece(
        `${count(lost)} lost   ${count(duplicates)} ${duplicates === 1 ? 'duplicate' : 'duplicates'}`,
        good(lost + duplicates),
      ),
    ]),
    line('check', [
      piece(`checked ${counted(checked, 'sampled result')} against a single-process run: `),
      differences.length === 0
        ? piece('all equal', 'green')
        : piece(counted(differences.length, 'difference'), 'red'),
    ]),
  ];
}

function line(title: string, pieces: readonly Piece[]): Piece[] {
  return [piece(`  ${title.padEnd(10)}`, 'dim'), ...pieces];
}

function good(wrong: number): Color {
  return wrong === 0 ? 'green' : 'red';
}

function sampleWords({ alone }: DemoOutcome): string {
  if (alone.complete) return `(which took ${duration(alone.estimatedMs)} for the same files)`;
  const error = `±${percent(alone.relativeError)}`;
  return `(about ${duration(alone.estimatedMs)}, from a sample of ${counted(alone.files, 'file')}, ${error})`;
}

function drawTrouble({ failures, abandoned, differences, folder }: DemoOutcome): Piece[][] {
  return [
    ...drawFailures('could not be read', failures, folder),
    ...drawFailures('given up', abandoned, folder),
    ...differences.slice(0, examplesMax).flatMap((difference) => drawDifference(difference, folder)),
  ];
}

function drawDifference({ path: file, pool, alone }: Difference, folder: string): Piece[][] {
  const shown = inspect({ pool, alone }, { breakLength: 100 }).split('\n');
  const title = piece(`  ${path.relative(folder, file)} differs`, 'red');
  return [[title], ...shown.map((text) => [piece(`    ${text}`)])];
}

function drawFailures(title: string, failures: readonly Failure[], folder: string): Piece[][] {
  if (failures.length === 0) return [];
  const examples = failures.slice(0, examplesMax);
  return [
    [piece(`  ${counted(failures.length, 'file')} ${title}, for example`, 'yellow')],
    ...examples.map((failure) => [piece(`    ${path.relative(folder, failure.path)}: ${failure.message}`)]),
  ];
}
