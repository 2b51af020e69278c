/**
 * Judges one moment after the other. What a property did not look at cannot change its mind: it is asked
 * again only where a group of cells has changed that it has ever looked at.
 */
import type { Property } from './property.ts';
import type { World } from './world.ts';

interface Question {
  readonly name: string;
  readonly holds: Property['holds'];
  /** The groups of cells that it has looked at so far, a bit for each. */
  groups: number;
}

/** A bit of no group: nobody has been asked before the first moments. */
const firstTime = 1 << 31;

/** Every group of cells, and the first time. */
export const allGroups: number = -1;

export class Judge {
  readonly #always: readonly Question[];
  readonly #eventually: readonly Question[];
  #unseen: readonly Question[];

  constructor(properties: readonly Property[]) {
    const questions = (kind: Property['kind']): Question[] =>
      properties
        .filter((property) => property.kind === kind)
        .map(({ name, holds }) => ({ name, holds, groups: firstTime }));
    this.#always = questions('always');
    this.#eventually = questions('eventually');
    this.#unseen = questions('sometimes');
  }

  /** Names of `sometimes` properties that have not held yet. */
  get unseen(): readonly string[] {
    return this.#unseen.map(({ name }) => name);
  }

  /** The `always` properties that a moment breaks. `changed`: where it differs from one that breaks none. */
  broken(world: World, changed: number): readonly string[] {
    return this.#always
      .filter((each) => (each.groups & changed) !== 0 && !ask(world, each))
      .map(({ name }) => name);
  }

  /** Notes the `sometimes` properties that hold. */
  see(world: World, changed: number): void {
    if (this.#unseen.length === 0) return;
    const seen = this.#unseen.filter((each) => (each.groups & changed) !== 0 && ask(world, each));
    if (seen.length > 0) this.#unseen = this.#unseen.filter((each) => !seen.includes(each));
  }

  /** One bit per `eventually` that does not hold. `before`: the same of the moment that it differs from. */
  pending(world: World, changed: number, before: number): number {
    let bits = 0;
    for (let at = 0; at < this.#eventually.length; at += 1) {
      const question = this.#eventually[at];
      if (question === undefined) continue;
      if ((question.groups & changed) === 0) bits |= before & (1 << at);
      else if (!ask(world, question)) bits |= 1 << at;
    }
    return bits;
  }
}

function ask(world: World, question: Question): boolean {
  const doesHold = world.ask(question.holds);
  question.groups |= world.groupsRead;
  return doesHold;
}
