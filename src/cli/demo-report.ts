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
  readonly rank: number;
  readonly cell: (totals: Totals) => string;
}

const titleWidth = 14;

/** In the order they are shown; on a narrow terminal those with the highest `rank` are left out first. */
const columns: readonly Column[] = [
  { title: 'files', width: 8, rank: 0, cell: (totals) => count(totals.files) },
  { title: 'MB', width: 8, rank: 0, cell: (totals) => megabytes(totals.bytes) },
  { title: 'functions', width: 11, rank: 1, cell: (totals) => ifParsed(totals, totals.functions) },
  { title: 'classes', width: 9, rank: 2, cell: (totals) => ifParsed(totals, totals.classes) },
  { title: 'imports', width: 9, rank: 4, cell: (totals) => ifParsed(totals, totals.imports) },
  { title: 'unparsed', width: 10, rank: 3, cell: (totals) => ifParsed(totals, totals.broken) },
  { title: 'brotli', width: 10, rank: 0, cell: (totals) => percent(ratio(totals), 1) },
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
  const unread = files.unreadableFolders;
  const closed = unread === 0 ? '' : ` (${counted(unread, 'folder')} could not be read)`;
  const every = duration(chaosIntervalMs ?? 0).replace('1.0 s', 'second');
  const chaos = chaosIntervalMs === undefined ? 'nobody is killed' : `one is killed about every ${every}`;
  return [
    [],
    [piece('  troupe demo  ', 'bold'), piece(shortFolder(facts.folder))],
    [piece(`  ${share}${left}${closed}`, 'dim')],
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

/** Everything the demo has to say at its end, on a terminal of `width` columns. */
export function drawReport(outcome: DemoOutcome, width: number): Piece[][] {
  return [...drawTable(outcome, width), [], ...drawSummary(outcome), ...drawTrouble(outcome), []];
}

function drawTable({ languages, total }: DemoOutcome, width: number): Piece[][] {
  let shown = columns;
  for (let rank = 4; rank > 0 && tableWidth(shown) > width; rank -= 1) {
    shown = shown.filter((column) => column.rank < rank);
  }
  const bar = tableWidth(shown) + 2 + barWidth <= width ? barWidth : 0;
  const head = shown.map((column) => column.title.padStart(column.width)).join('');
  const rule = piece(`  ${'─'.repeat(tableWidth(shown) - 2 + (bar === 0 ? 0 : bar + 2))}`, 'dim');
  return [
    [piece(`  ${'language'.padEnd(titleWidth - 2)}${head}`, 'dim')],
    [rule],
    ...languages.map((totals) => drawRow(totals, 'plain', shown, bar)),
    [rule],
    drawRow(total, 'bold', shown, bar),
  ];
}

function tableWidth(shown: readonly Column[]): number {
  return shown.reduce((sum, { width }) => sum + width, titleWidth);
}

function drawRow(totals: Totals, color: Color, shown: readonly Column[], bar: number): Piece[] {
  const cells = shown.map(({ cell, width }) => cell(totals).padStart(width)).join('');
  const filled = Math.min(bar, Math.round(ratio(totals) * bar));
  return [
    piece(`  ${totals.language.padEnd(titleWidth - 2)}${cells}  `, color),
    piece('━'.repeat(filled), 'cyan'),
    piece('─'.repeat(bar - filled), 'dim'),
  ];
}

function drawSummary(outcome: DemoOutcome): Piece[][] {
  const { pool, killed, retried, lost, duplicates, checked, differences, chaos, seed } = outcome;
  const speed = `${megabytes(pool.bytesPerSecond)} MB/s with ${counted(pool.workers, 'worker')}`;
  const price = killed === 0 ? '' : '; each kill costs a start and the work in hand';
  return [
    line('time', [piece(duration(pool.wallMs), 'bold'), piece(`   ${speed}`)]),
    line('speed', [
      piece(`${outcome.speedup.toFixed(outcome.speedup < 1 ? 2 : 1)}×`, 'bold'),
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
    ...drawLoad(outcome),
  ];
}

/** A busy machine makes both measurements worse, and not equally: who reads the speed should know. */
function drawLoad({ machine: { cpus, loadAtStart } }: DemoOutcome): Piece[][] {
  if (loadAtStart < cpus / 2) return [];
  const load = `load ${loadAtStart.toFixed(1)} on ${counted(cpus, 'CPU')} before the start`;
  return [
    line('note', [piece(`other programs were busy too (${load}): the speed is a rough one`, 'yellow')]),
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
    ...drawFailures(
      'given up (are kills too frequent for the work? see --chaos-interval-ms)',
      abandoned,
      folder,
    ),
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
