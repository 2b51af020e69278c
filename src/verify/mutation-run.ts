/**
 * Tries a check on mutants: which it notices, which it lets live, and which of those are known to mean the
 * same as the original.
 */

/** What a run needs to know of a mutant: see `mutantsOf`. */
export interface MutantName {
  readonly id: string;
  /** The name of the machine it was made from. */
  readonly of: string;
  /** What is wrong with it. */
  readonly what: string;
}

/** What noticed a mutant, in words that several mutants share. */
export interface Killer {
  /** What it is, such as `scenario` or `model`: the report counts by it. */
  readonly means: string;
  /** Which of them, such as the name of a scenario or of a property. */
  readonly by: string;
}

/** A mutant that no check can notice, and why. */
export interface Equivalent {
  readonly id: string;
  readonly why: string;
}

export interface MutationOptions {
  /** Those that may live. Each needs a reason. */
  readonly equivalents: readonly Equivalent[];
  /** The means to be counted even if they kill nothing, in the order of the report. */
  readonly means?: readonly string[];
  /** Called after each mutant. */
  readonly onProgress?: (progress: MutationProgress) => void;
}

export interface MutationProgress {
  readonly done: number;
  readonly total: number;
  readonly id: string;
  /** What killed it; null if it lives. */
  readonly killer: Killer | null;
}

export interface Kill extends Killer {
  readonly id: string;
}

export interface MutationReport {
  readonly killed: readonly Kill[];
  /** Those that live though nobody says that they may: each is a hole in the check. */
  readonly survived: readonly string[];
  /** Those that live as they may. */
  readonly equivalent: readonly Equivalent[];
  /** Ids that are listed as equivalent, but were killed, or are those of no mutant. */
  readonly staleEquivalents: readonly string[];
  /** How many of those that are not equivalent were killed: 1 is all. */
  readonly score: number;
  /** The same as numbers, one entry per machine. */
  readonly machines: readonly MachineTally[];
}

export interface MachineTally {
  readonly name: string;
  readonly mutants: number;
  readonly killed: number;
  /** How many each means has killed. */
  readonly means: Readonly<Record<string, number>>;
  readonly equivalent: number;
  readonly survived: number;
}

type Check<Mutant> = (mutant: Mutant) => Killer | null | Promise<Killer | null>;

type Verdict = 'killed' | 'survived' | 'equivalent';

/**
 * Asks the check about each mutant, one after the other. It says what noticed the mutant, or null.
 *
 * A check that throws ends the run with an error that names the mutant and has the thrown value as `cause`:
 * a broken check would pass for one that notices everything. A mutant may throw as it runs, so a check that
 * runs one catches that and says so. Rejects with a `TypeError` if an equivalent has no reason or is listed
 * twice, or if two mutants have the same id.
 *
 * @example
 * ```ts
 * const report = await runMutants(mutantsOf(lampMachine), ({ machine }) => problemOf(machine), {
 *   equivalents: [{ id: 'lamp on · press[0] · swap with [1]', why: 'the guards exclude each other' }],
 * });
 * console.log(mutationText(report));
 * ```
 */
export async function runMutants<Mutant extends MutantName>(
  mutants: readonly Mutant[],
  killerOf: Check<Mutant>,
  { equivalents, means = [], onProgress }: MutationOptions,
): Promise<MutationReport> {
  refuseRepeated(mutants, 'Two mutants have the same id');
  refuseRepeated(equivalents, 'Two equivalents have the same id');
  const reasons = new Map(equivalents.map(({ id, why }) => [id, reasonOf(id, why)]));
  const killed: Kill[] = [];
  const verdicts = new Map<Mutant, Verdict>();
  for (const mutant of mutants) {
    const { id } = mutant;
    const killer = await ask(killerOf, mutant);
    if (killer !== null) killed.push({ id, ...killer });
    verdicts.set(mutant, killer !== null ? 'killed' : reasons.has(id) ? 'equivalent' : 'survived');
    onProgress?.({ done: verdicts.size, total: mutants.length, id, killer });
  }
  const living = new Set(idsOf(verdicts, 'equivalent'));
  const survived = idsOf(verdicts, 'survived');
  return {
    killed,
    survived,
    equivalent: [...living].map((id) => ({ id, why: reasons.get(id) ?? '' })),
    staleEquivalents: [...reasons.keys()].filter((id) => !living.has(id)),
    score: killed.length + survived.length === 0 ? 1 : killed.length / (killed.length + survived.length),
    machines: tally(verdicts, killed, means),
  };
}

async function ask<Mutant extends MutantName>(
  killerOf: Check<Mutant>,
  mutant: Mutant,
): Promise<Killer | null> {
  try {
    return await killerOf(mutant);
  } catch (cause) {
    throw new Error(`The check failed on the mutant '${mutant.id}', where ${mutant.what}.`, { cause });
  }
}

function tally(
  verdicts: ReadonlyMap<MutantName, Verdict>,
  killed: readonly Kill[],
  means: readonly string[],
): MachineTally[] {
  const meansOf = new Map(killed.map((kill) => [kill.id, kill.means]));
  const allMeans = [...new Set([...means, ...meansOf.values()])];
  const names = new Set([...verdicts.keys()].map(({ of }) => of));
  return [...names].map((name) => {
    const own = [...verdicts].filter(([{ of }]) => of === name);
    const count = (verdict: Verdict): number => own.filter(([, given]) => given === verdict).length;
    const killedBy = (each: string): number => own.filter(([{ id }]) => meansOf.get(id) === each).length;
    return {
      name,
      mutants: own.length,
      killed: count('killed'),
      means: Object.fromEntries(allMeans.map((each) => [each, killedBy(each)])),
      equivalent: count('equivalent'),
      survived: count('survived'),
    };
  });
}

function idsOf(verdicts: ReadonlyMap<MutantName, Verdict>, verdict: Verdict): string[] {
  return [...verdicts].filter(([, given]) => given === verdict).map(([{ id }]) => id);
}

function reasonOf(id: string, why: string): string {
  if (why.trim() === '') throw new TypeError(`The equivalent '${id}' has no reason: say why it may live.`);
  return why;
}

function refuseRepeated(named: readonly { readonly id: string }[], problem: string): void {
  const known = new Set<string>();
  for (const { id } of named) {
    if (known.has(id)) throw new TypeError(`${problem}: '${id}'.`);
    known.add(id);
  }
}
