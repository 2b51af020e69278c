/** Tells a counterexample as numbered sentences, for somebody who has never seen the model. */
import type { Report } from './check.ts';
import type { Beginning, Counterexample, PathStep } from './counterexample.ts';
import { eventText } from './event-text.ts';
import type { Happening } from './happening.ts';

/** Longer parameters of a command are cut. */
const paramsLengthMax = 70;

/**
 * What went wrong and how it comes about: the shortest way there, step by step, with the messages and the
 * changes of state that each step leads to.
 *
 * @example
 *   const report = check(lamps);
 *   if (report.verdict === 'failed') console.log(story(report));
 */
export function story({ model, counterexample, unseen }: Report): string {
  if (counterexample !== null) return tell(model, counterexample);
  const never = unseen.map(
    (name) => `${model}: "${name}" never comes to hold, though every moment was explored.`,
  );
  return never.length === 0 ? `${model}: nothing wrong was found.` : never.join('\n');
}

function tell(model: string, { property, sentence, start, steps, circle }: Counterexample): string {
  const last = circle.at(-1) ?? steps.at(-1);
  return [
    `${model}: "${property}" does not hold. This is a shortest way to see it.`,
    '',
    ...tellStart(start),
    ...steps.flatMap((step, index) => tellStep(step, index + 1)),
    ...(circle.length === 0 ? [] : ['', 'From here it can go round, again and again:']),
    ...circle.flatMap((step, index) => tellStep(step, steps.length + index + 1)),
    '',
    ending(property, sentence),
    ...tellStates(last?.states ?? start.states),
  ].join('\n');
}

/** The sentence that ends the story of a counterexample. */
export function ending(property: string, sentence: string): string {
  if (sentence === property) return `Here "${property}" does not hold.`;
  return `In the end: ${sentence}.`;
}

function tellStart({ states, happenings, violations }: Beginning): string[] {
  const later = happenings.filter(({ type }) => type !== 'step');
  return [
    'At the start',
    ...tellStates(states),
    ...later.map((happening) => `    ${tellHappening(happening)}`),
    ...violations.map((violation) => `    ✗ ${violation}`),
  ];
}

/** A machine that has only one state has no name for it. */
function tellStates(states: PathStep['states']): string[] {
  const named = Object.entries(states).filter(([, state]) => state !== '');
  return named.map(([member, state]) => `    ${member} is ${state}`);
}

/** One step with its number, as lines. */
export function tellStep({ move, happenings, violations }: PathStep, number: number): string[] {
  return [
    `${String(number).padStart(3)}. ${move}`,
    ...happenings.map((happening) => `       ${tellHappening(happening)}`),
    ...violations.map((violation) => `       ✗ ${violation}`),
  ];
}

function tellHappening(happening: Happening): string {
  switch (happening.type) {
    case 'step':
      return tellChange(happening);
    case 'command':
      return `${happening.member} asks for ${happening.command.type}${paramsOf(happening.command.params)}`;
    case 'message':
      return `${happening.from} sends ${happening.text} to ${happening.to}`;
    case 'note':
      return happening.text;
  }
}

function tellChange({ member, event, from, to }: Happening & { type: 'step' }): string {
  const cause = eventText(event.type);
  if (from === '' && to !== '') return `${member} begins in ${to}`;
  return from === to
    ? `${member} takes ${cause}${to === '' ? '' : ` and stays ${to}`}`
    : `${member}: ${from} → ${to}, on ${cause}`;
}

function paramsOf(params: unknown): string {
  const text = params === undefined ? '' : JSON.stringify(params);
  if (text === '' || text === '{}') return '';
  return text.length > paramsLengthMax ? ` ${text.slice(0, paramsLengthMax)}…` : ` ${text}`;
}
