/** A report as a person wants to read it: the verdict first, then what it rests on. */
import type { Coverage } from './coverage.ts';
import { eventText } from './event-text.ts';
import type { Report } from './check.ts';

export interface ReportTextOptions {
  /** List the (state, event) pairs that were never met. Default: `false`. */
  readonly pairs?: boolean;
}

const labelWidth = 12;
const itemsWidth = 90;

/**
 * The summary of a check. It says "passed" only if every moment within the scope was explored and everything
 * holds; of a search that a limit ended it says what was covered and what was not.
 */
export function reportText(report: Report, { pairs = false }: ReportTextOptions = {}): string {
  return [
    verdictOf(report),
    ...(report.verdict === 'incomplete' ? gapsOf(report) : []),
    '',
    ...figuresOf(report),
    ...movesOf(report),
    ...coverageOf(report.coverage, pairs),
    ...propertiesOf(report),
  ].join('\n');
}

function verdictOf({ verdict, model, states, counterexample, unseen, stopped }: Report): string {
  if (verdict === 'passed')
    return `${model}: passed. Every one of ${counted(states, 'moment')} was explored, and everything holds.`;
  if (verdict === 'incomplete') {
    const why = stopped === 'interrupted' ? 'It was interrupted' : `The limit on ${stopped} was reached`;
    return `${model}: incomplete. ${why} after ${counted(states, 'moment')}.`;
  }
  if (counterexample === null) return `${model}: failed. Never seen: ${quoted(unseen)}.`;
  const { property, sentence } = counterexample;
  return `${model}: failed. "${property}" does not hold${sentence === property ? '' : `: ${sentence}`}.`;
}

function gapsOf({ depth, waiting, notJudged, states, stopped }: Report): string[] {
  const near = `all that takes up to ${counted(depth, 'move')} from the start was found`;
  const open = `${counted(waiting, 'moment')} of the ${count(states)} and everything that comes after them`;
  return [
    `  Covered: nothing wrong until then; ${near}.`,
    `  Not covered: ${open}.`,
    ...(notJudged.length === 0 ? [] : [`  Not judged: ${quoted(notJudged)}.`]),
    ...(stopped === 'interrupted' ? [] : ['  Raise the limit, or make the scope smaller.']),
  ];
}

function figuresOf(report: Report): string[] {
  const { states, edges, depth, seconds, statesPerSecond, memoryBytes, spilledBytes, collisionOdds } = report;
  const { symmetry, reduction } = report.reductions;
  const spilled = spilledBytes === 0 ? '' : `, and ${megabytes(spilledBytes)} on disk`;
  const without = [...(symmetry ? [] : ['without symmetry']), ...(reduction ? [] : ['without reduction'])];
  return [
    line(
      'moments',
      `${count(states)}, ${counted(edges, 'step')} between them, ${counted(depth, 'move')} deep`,
    ),
    line('time', `${seconds.toFixed(seconds < 10 ? 2 : 0)} s, ${count(statesPerSecond)} moments a second`),
    line('memory', `${megabytes(memoryBytes)}${spilled}`),
    line('collisions', `the odds that two moments were taken for one are ${oddsOf(collisionOdds)}`),
    ...(without.length === 0 ? [] : [line('searched', without.join(', '))]),
  ];
}

function movesOf({ moves, neverMade }: Report): string[] {
  const made = Object.entries(moves).toSorted(([, one], [, other]) => other - one);
  const texts = made.map(([name, times]) => `${name} ${count(times)}`);
  return [
    ...lines('moves', texts.length === 0 ? ['none'] : texts),
    ...(neverMade.length === 0 ? [] : lines('never made', neverMade)),
  ];
}

function coverageOf(coverage: readonly Coverage[], isListed: boolean): string[] {
  const texts = coverage.map(({ machine, known, unmet }) => `${machine} ${known - unmet.length} of ${known}`);
  const missing = coverage.flatMap(({ machine, unmet }) =>
    unmet.map(({ state, event }) =>
      line('', `${machine}: ${eventText(event)} in ${state === '' ? 'its only state' : state}`),
    ),
  );
  return [
    ...lines(
      'pairs',
      texts.length === 0 ? ['none'] : [...texts.slice(0, -1), `${texts.at(-1)} (state, event) pairs met`],
    ),
    ...(isListed && missing.length > 0 ? [line('never met', ''), ...missing] : []),
  ];
}

function propertiesOf({ verdict, properties, unseen, counterexample }: Report): string[] {
  if (verdict === 'passed') return lines('holds', properties.map(inQuotes));
  return [
    ...(unseen.length === 0 ? [] : lines('never seen', unseen.map(inQuotes))),
    ...(counterexample === null ? [] : [line('broken', quoted([counterexample.property]))]),
  ];
}

const line = (label: string, text: string): string => `  ${label.padEnd(labelWidth)}${text}`.trimEnd();

/** Items side by side, on as many lines as they need. */
function lines(label: string, items: readonly string[]): string[] {
  const rows: string[] = [];
  let row = '';
  for (const [at, item] of items.entries()) {
    const next = at < items.length - 1 ? `${item},` : item;
    if (row !== '' && row.length + next.length >= itemsWidth) {
      rows.push(row);
      row = '';
    }
    row = row === '' ? next : `${row} ${next}`;
  }
  return [...rows, row].map((text, at) => line(at === 0 ? label : '', text));
}

const inQuotes = (name: string): string => `"${name}"`;

const quoted = (names: readonly string[]): string => names.map(inQuotes).join(', ');

const count = (value: number): string => Math.round(value).toLocaleString('en-US');

const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

const megabytes = (bytes: number): string => `${count(bytes / 1e6)} MB`;

/** Below one in a hundred as `1 in 3.2e9`. */
function oddsOf(odds: number): string {
  if (odds === 0) return 'nil';
  return odds > 0.01 ? `${(100 * odds).toFixed(0)} %` : `1 in ${(1 / odds).toPrecision(2)}`;
}
