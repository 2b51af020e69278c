/** `troupe verify`: looks for the canaries, explores what it is asked to, and says what holds. */
import process from 'node:process';
import { findCanaries } from '../verify/canary.ts';
import type { Report } from '../verify/check.ts';
import { diagram } from '../verify/diagram.ts';
import { reportText } from '../verify/report-text.ts';
import { toFile } from '../verify/replay.ts';
import { story } from '../verify/story.ts';
import { VerifyError } from '../verify/verify-error.ts';
import { type Color, count, counted, duration, isColored, piece, renderLine } from './terminal-text.ts';
import { UsageError } from './usage-error.ts';
import type { VerifyOptions } from './verify-options.ts';
import { runMutation } from './verify-mutation.ts';
import { expectWritable, writeOut } from './verify-out.ts';
import { runReplay } from './verify-replay.ts';
import { Interruption, search } from './verify-search.ts';
import { type Choice, chooseSubjects, type Subject } from './verify-subjects.ts';

interface Outcome {
  readonly subject: Subject;
  readonly report: Report;
}

const colors: Readonly<Record<Report['verdict'], Color>> = {
  passed: 'green',
  failed: 'red',
  incomplete: 'yellow',
};

/** Does what the options say; the answer is the exit code. */
export async function runVerify(options: VerifyOptions): Promise<number> {
  const canaries = findCanaries();
  const missed = canaries.filter(({ found }) => !found).map(({ name }) => name);
  if (missed.length > 0) {
    process.stderr.write(
      `troupe verify did not find ${missed.join(' and ')}. What else it says is worth nothing: ` +
        'this is a bug in troupe, so please report it.\n',
    );
    return 1;
  }
  if (options.action === 'canary') {
    for (const { name } of canaries) say(`found ${name}`);
    return 0;
  }
  if (options.action === 'mutate') return await runMutation(options);
  const choice = await chooseSubjects(options);
  try {
    if (options.action === 'list') return list(choice);
    if (options.action === 'replay')
      return await runReplay(options.replay, [...choice.chosen, ...choice.leftOut]);
    return await checkAll(options, choice);
  } catch (error) {
    const sentence = sentenceOf(error, options.machine);
    if (sentence === null) throw error;
    process.stderr.write(`troupe verify: ${sentence}\n`);
    return 2;
  }
}

function list({ chosen, leftOut }: Choice): number {
  const all = [...chosen, ...leftOut];
  const width = widthOf(all);
  for (const { name, about, states } of all)
    say(`${name.padEnd(width)}  ${about}${states === 0 ? '' : `; ${counted(states, 'moment')}`}`);
  return 0;
}

async function checkAll(options: VerifyOptions, { chosen, leftOut }: Choice): Promise<number> {
  const { json, mermaid, out } = options;
  if (out !== undefined) expectWritable(out);
  const isBrief = chosen.length > 1 && !options.pairs;
  if (isBrief && !json) say('Every planted mistake was found. Now for what is not planted.\n');
  const interruption = new Interruption();
  const outcomes = await explore(options, chosen, isBrief, interruption);
  interruption.stop();
  const exitCode = interruption.isAsked ? 130 : exitCodeOf(outcomes);
  const broken = outcomes.find(({ report }) => report.counterexample !== null);
  const written = broken === undefined || out === undefined ? null : writeOut(out, broken.report);
  const notExplored = chosen.slice(outcomes.length).map(({ name }) => name);
  if (json) {
    const reports = outcomes.map(jsonOf);
    say(
      JSON.stringify({ exitCode, reports, notExplored, leftOut: leftOut.map(({ name }) => name) }, null, 2),
    );
    if (written !== null) process.stderr.write(`${written}\n`);
    return exitCode;
  }
  for (const { report } of outcomes.filter(({ report: { verdict } }) => verdict === 'failed')) {
    say(`\n${story(report)}`);
    if (mermaid && report.counterexample !== null) say(`\n${diagram(report)}`);
  }
  if (written !== null) say(`\n${written}`);
  if (isBrief) say(`\n${summaryOf(outcomes, exitCode)}`);
  if (interruption.isAsked)
    say(`\nInterrupted.${notExplored.length === 0 ? '' : ` Not explored: ${notExplored.join(', ')}.`}`);
  for (const { name, about } of leftOut) say(`Left out, for it takes hours: ${name} (${about}).`);
  return exitCode;
}

/** One after the other, as far as nobody interrupts. */
async function explore(
  options: VerifyOptions,
  chosen: readonly Subject[],
  isBrief: boolean,
  interruption: Interruption,
): Promise<Outcome[]> {
  const width = widthOf(chosen);
  const outcomes: Outcome[] = [];
  for (const subject of chosen) {
    if (interruption.isAsked) break;
    const outcome = { subject, report: await search(options, subject, interruption) };
    outcomes.push(outcome);
    if (!options.json) say(isBrief ? briefOf(outcome, width) : reportText(outcome.report, options));
  }
  return outcomes;
}

/** What to say of an error that is not ours: what somebody wrote threw it, or cannot be explored. */
function sentenceOf(error: unknown, machine: string | undefined): string | null {
  if (error instanceof VerifyError) return error.message;
  if (error instanceof UsageError || machine === undefined) return null;
  const [place] =
    /\(?(?:file:|\/)[^\s()]+:\d+:\d+\)?/u.exec(error instanceof Error ? (error.stack ?? '') : '') ?? [];
  return `A model of ${machine} threw. ${String(error)}${place === undefined ? '' : `, at ${place}`}`;
}

function briefOf({ subject, report }: Outcome, width: number): string {
  const { verdict, states, edges, depth, seconds, statesPerSecond } = report;
  const figures = [
    counted(states, 'moment'),
    counted(edges, 'step'),
    `${counted(depth, 'move')} deep`,
    `${duration(seconds * 1_000)} at ${count(statesPerSecond)}/s`,
    ...(isOtherCount(subject, report) ? [`not ${counted(subject.states, 'moment')} as before`] : []),
  ];
  const first = [
    piece(`${subject.name.padEnd(width)}  `),
    piece(verdict.padEnd(10), colors[verdict]),
    piece(`  ${figures.join(', ')}`),
  ];
  const [, ...gaps] =
    verdict === 'incomplete' ? (reportText(report).split('\n\n')[0]?.split('\n') ?? []) : [];
  return [
    renderLine(first, isColored(process.stdout, process.env)),
    ...gaps.map((gap) => ' '.repeat(width) + gap),
  ].join('\n');
}

/** What no scope of a model allows was not explored, whatever holds. */
function neverMadeOf(outcomes: readonly Outcome[]): string {
  const made = new Set(outcomes.flatMap(({ report }) => Object.keys(report.moves)));
  const never = new Set(outcomes.flatMap(({ report }) => report.neverMade).filter((name) => !made.has(name)));
  return never.size === 0 ? '' : `Never made in any of them: ${[...never].join(', ')}.\n`;
}

/** A count that changed says that the model has changed; with other reductions it says nothing. */
function isOtherCount({ states }: Subject, { verdict, states: found, reductions }: Report): boolean {
  return (
    verdict === 'passed' && states !== 0 && states !== found && reductions.symmetry && reductions.reduction
  );
}

function summaryOf(outcomes: readonly Outcome[], exitCode: number): string {
  const sum = (what: (report: Report) => number): number =>
    outcomes.reduce((total, { report }) => total + what(report), 0);
  const work = `${counted(
    sum(({ states }) => states),
    'moment',
  )} in ${duration(sum(({ seconds }) => seconds) * 1_000)}`;
  const named = (verdict: Report['verdict']): string =>
    outcomes
      .filter(({ report }) => report.verdict === verdict)
      .map(({ subject }) => subject.name)
      .join(', ');
  if (exitCode === 0) {
    const all = `Passed: all ${outcomes.length} were explored to the end, ${work}, and everything holds.`;
    return neverMadeOf(outcomes) + all;
  }
  const failed = named('failed') !== '' ? [`Failed: ${named('failed')}.`] : [];
  const incomplete = named('incomplete') === '' ? [] : [`Incomplete: ${named('incomplete')}.`];
  return [...failed, ...incomplete, `Explored: ${work}.`].join(' ');
}

function exitCodeOf(outcomes: readonly Outcome[]): number {
  const verdicts = new Set(outcomes.map(({ report }) => report.verdict));
  if (verdicts.has('failed')) return 1;
  return verdicts.has('incomplete') ? 2 : 0;
}

function jsonOf({ subject, report }: Outcome): object {
  const file = report.counterexample === null ? null : toFile(report);
  return { name: subject.name, about: subject.about, ...report, counterexample: file };
}

const widthOf = (subjects: readonly Subject[]): number =>
  Math.max(0, ...subjects.map(({ name }) => name.length));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
