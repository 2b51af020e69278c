/** Draws a counterexample as a Mermaid sequence diagram: who sends what to whom, and what that changes. */
import type { Report } from './check.ts';
import type { Counterexample, PathStep } from './counterexample.ts';
import { eventText } from './event-text.ts';
import { ending } from './story.ts';
import type { Happening } from './happening.ts';

/**
 * The text of a sequence diagram, for a ` ```mermaid ` block. Steps that send nothing and change no state are
 * left out. Empty if the report has no counterexample.
 */
export function diagram({ counterexample }: Report): string {
  return counterexample === null ? '' : new Sketch(counterexample).lines.join('\n');
}

class Sketch {
  readonly #body: string[] = [];
  /** In the order in which they appear. */
  readonly #participants = new Map<string, string>();

  constructor({ property, sentence, start, steps, circle }: Counterexample) {
    for (const happening of start.happenings) this.#addHappening(happening);
    for (const step of steps) this.#addStep(step);
    if (circle.length > 0) {
      this.#body.push('loop again and again');
      for (const step of circle) this.#addStep(step);
      this.#body.push('end');
    }
    const states = (circle.at(-1) ?? steps.at(-1) ?? start).states;
    for (const [member, state] of Object.entries(states))
      if (this.#participants.has(member) && state !== '') this.#note([member], `is ${state}`);
    this.#note([...this.#participants.keys()], ending(property, sentence));
  }

  get lines(): string[] {
    const participants = [...this.#participants].map(
      ([name, id]) => `  participant ${id} as ${escaped(name)}`,
    );
    return ['sequenceDiagram', ...participants, ...this.#body.map((line) => `  ${line}`)];
  }

  #addStep({ move, kind, happenings, violations }: PathStep): void {
    const members = happenings.flatMap((happening) => ('member' in happening ? [happening.member] : []));
    if (isNoted(kind, happenings)) this.#note(members.slice(0, 1), move);
    for (const happening of happenings) this.#addHappening(happening);
    for (const violation of violations) this.#note(members.slice(0, 1), violation);
  }

  #addHappening(happening: Happening): void {
    if (happening.type === 'message') {
      const { from, to, text } = happening;
      this.#body.push(`${this.#idOf(from)}->>${this.#idOf(to)}: ${escaped(text)}`);
    } else if (happening.type === 'step' && isTold(happening)) {
      const { member, from, to, event } = happening;
      this.#note([member], `${from} → ${to}, on ${eventText(event.type)}`);
    }
  }

  /** Over nobody in particular it stands over all. */
  #note(members: readonly string[], text: string): void {
    const ids = members.map((member) => this.#idOf(member));
    const all = [...this.#participants.values()];
    const over = ids.length > 0 ? ids : all.length > 0 ? all : [this.#idOf('system')];
    const ends = over.length === 1 ? over : [over[0], over.at(-1)];
    this.#body.push(`Note over ${ends.join(',')}: ${escaped(text)}`);
  }

  #idOf(name: string): string {
    const known = this.#participants.get(name);
    if (known !== undefined) return known;
    const id = `p${this.#participants.size + 1}`;
    this.#participants.set(name, id);
    return id;
  }
}

/** Whether the move itself must be told: what it leads to does not show it. */
function isNoted(kind: PathStep['kind'], happenings: readonly Happening[]): boolean {
  if (kind === 'system') return false;
  if (kind === 'timer') return !happenings.some(isTold);
  return !happenings.some((happening) => happening.type === 'message' && happening.from === 'outside');
}

/** Whether a diagram shows it. */
function isTold(happening: Happening): boolean {
  return (
    happening.type === 'message' ||
    (happening.type === 'step' && happening.from !== happening.to && happening.from !== '')
  );
}

/** What Mermaid would take for its own: entities, comments, the ends of statements and lines. */
function escaped(text: string): string {
  return text
    .replaceAll(/[#;<>%"]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replaceAll(/\s*\n\s*/gu, '<br/>');
}
