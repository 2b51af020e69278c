/** One picture of the running demo, as lines of pieces: no terminal, no clock, no pool in here. */
import type { WorkerView } from './demo-chaos.ts';
import { clock, count, megabytes, percent, piece, widthOf, type Color, type Piece } from './terminal-text.ts';

/** What there is to see at one moment: the pool at work, or afterwards a sample being checked. */
export type DemoProgress = WorkProgress | CheckProgress;

interface WorkProgress {
  readonly phase: 'working';
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly elapsedMs: number;
  readonly workers: readonly WorkerView[];
  readonly kills: number;
  readonly retries: number;
  /** The process killed a moment ago. */
  readonly justKilled: number | undefined;
}

interface CheckProgress {
  readonly phase: 'checking';
  readonly done: number;
  readonly total: number;
}

const spinner = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const barWidthMax = 40;
const barWidthMin = 8;
/** Before this much time any prediction is noise. */
const predictAfterMs = 1_500;

const looks: ReadonlyMap<string, readonly [mark: string, color: Color]> = new Map([
  ['busy', ['●', 'green']],
  ['idle', ['○', 'plain']],
  ['starting', ['◌', 'yellow']],
  ['initializing', ['◌', 'yellow']],
]);
const otherLook = ['◍', 'dim'] as const;

/** The lines to show on a terminal of `columns`; `tick` turns the spinner. */
export function drawFrame(progress: DemoProgress, columns: number, tick: number): Piece[][] {
  const turning = piece(`  ${spinner[tick % spinner.length] ?? ''} `, 'cyan');
  if (progress.phase === 'checking') return [drawCheck(turning, progress, columns)];
  return [drawWork(turning, progress, columns), [], drawWorkers(progress, columns), drawCounts(progress)];
}

/** The same in one line without movement, for logs. */
export function drawLogLine(progress: DemoProgress): Piece[] {
  if (progress.phase === 'checking') return [piece(`  ${checkWords(progress)}`)];
  const { kills, retries } = progress;
  const words = [...facts(progress).map(({ text }) => text), `${kills} killed, ${retries} retried`];
  return [piece(`  ${words.join('   ')}`)];
}

function drawWork(turning: Piece, progress: WorkProgress, columns: number): Piece[] {
  const shown = facts(progress);
  // On a narrow terminal the facts at the end give way first; the bar keeps its least width.
  while (shown.length > 1 && 4 + barWidthMin + withGaps(shown) > columns - 1) shown.pop();
  const room = columns - 1 - 4 - withGaps(shown);
  const bar = drawBar(part(progress.bytesDone, progress.bytesTotal), Math.min(barWidthMax, room));
  return [turning, ...bar, ...shown.flatMap((fact) => [piece('   '), fact])];
}

function withGaps(pieces: readonly Piece[]): number {
  return widthOf(pieces) + 3 * pieces.length;
}

function facts(progress: WorkProgress): Piece[] {
  const { bytesDone, bytesTotal, elapsedMs, filesDone, filesTotal } = progress;
  const total = count(filesTotal);
  const pieces = [
    piece(percent(part(bytesDone, bytesTotal)).padStart(5), 'bold'),
    piece(`${count(filesDone).padStart(total.length)}/${total} files`),
    piece(`${megabytes((bytesDone / Math.max(1, elapsedMs)) * 1_000).padStart(4)} MB/s`),
  ];
  if (elapsedMs > predictAfterMs && bytesDone > 0) {
    pieces.push(piece(`${clock(((bytesTotal - bytesDone) / bytesDone) * elapsedMs)} left`, 'dim'));
  }
  return pieces;
}

function part(done: number, total: number): number {
  return total === 0 ? 0 : Math.min(1, done / total);
}

function drawBar(done: number, width: number): Piece[] {
  const halves = Math.round(done * Math.max(0, width) * 2);
  const full = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╸' : '');
  return [piece(full, 'cyan'), piece('─'.repeat(Math.max(0, width - full.length)), 'dim')];
}

/** Each worker with its process id and state where there is room, otherwise as a mark alone. */
function drawWorkers({ workers, justKilled }: WorkProgress, columns: number): Piece[] {
  const start = piece('    workers ', 'dim');
  const items = workers.map(drawWorker);
  if (justKilled !== undefined) items.push([piece('✗ ', 'red'), piece(`${justKilled} killed`, 'red')]);
  const full = items.flatMap(([mark, words]) => [mark, words, piece('   ')]);
  if (widthOf([start, ...full]) < columns) return [start, ...full];
  const busy = workers.filter((worker) => worker.state === 'busy').length;
  const marks = items.map(([{ text, color }]) => piece(text.trim(), color));
  return [start, piece(`${busy}/${workers.length} busy `), ...marks];
}

function drawWorker({ pid, state }: WorkerView): [Piece, Piece] {
  const [mark, color] = looks.get(state) ?? otherLook;
  return [piece(`${mark} `, color), piece(`${pid ?? '…'} ${state}`, state === 'busy' ? 'plain' : 'dim')];
}

function drawCounts({ kills, retries }: WorkProgress): Piece[] {
  const killed = piece(String(kills), kills === 0 ? 'dim' : 'red');
  const retried = piece(String(retries), retries === 0 ? 'dim' : 'yellow');
  return [piece('    so far  ', 'dim'), killed, piece(' killed   '), retried, piece(' retried')];
}

function drawCheck(turning: Piece, check: CheckProgress, columns: number): Piece[] {
  const words = piece(`   ${checkWords(check)}`);
  const bar = drawBar(part(check.done, check.total), Math.min(barWidthMax, columns - 5 - widthOf([words])));
  return [turning, ...bar, words];
}

function checkWords({ done, total }: CheckProgress): string {
  return `checking ${done}/${total} against a single process`;
}
