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

/** A mutant that no check can notice, and why. */
export interface Equivalent {
  readonly id: string;
  readonly why: string;
}

export interface MutationOptions {
  /** Those that may live. Each needs a reason. */
  readonly equivalents: readonly Equivalent[];
  /** Called after each mutant. */
  readonly onProgress?: (progress: MutationProgress) => void;
}

export interface MutationProgress {
  readonly done: number;
  readonly total: number;
  readonly id: string;
  /** What killed it; null if it lives. */
  readonly by: string | null;
}

export interface MutationReport {
  readonly killed: readonly { readonly id: string; readonly by: string }[];
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
  readonly equivalent: number;
  readonly survived: number;
}

type Verdict = 'killed' | 'survived' | 'equivalent';

/**
 * Asks the check about each mutant, one after the other. It says what noticed the mutant, in words that
 * several mutants share (`deadlock`, the name of a property), or null.
 *
 * A check that throws ends the run with an error that names the mutant and has the thrown value as `cause`:
 * a broken check would pass for one that notices everything. A mutant may throw as it runs, so a check that
 * runs one catches that and says so. Rejects with a `TypeError` if an equivalent has no reason or is listed
 * twice, or if two mutants have the same id.
 *
 * @example
 * ```ts
 * const report = await runMutants(mutantsOf(workerMachine), ({ machine }) => findGaps(machine)[0] ?? null, {
 *   equivalents: [{ id: 'worker · * · delete', why: 'no event is unexpected' }],
 * });
 * console.log(mutationText(report));
 * ```
 */
export async function runMutants<Mutant extends MutantName>(
  mutants: readonly Mutant[],
  isKilled: (mutant: Mutant) => string | null | Promise<string | null>,
  { equivalents, onProgress }: MutationOptions,
): Promise<MutationReport> {
  refuseRepeated(mutants, 'Two mutants have the same id');
  refuseRepeated(equivalents, 'Two equivalents have the same id');
  const reasons = new Map(equivalents.map(({ id, why }) => [id, reasonOf(id, why)]));
  const killers = new Map<string, string>();
  const verdicts = new Map<Mutant, Verdict>();
  for (const mutant of mutants) {
    const by = await ask(isKilled, mutant);
    if (by !== null) killers.set(mutant.id, by);
    verdicts.set(mutant, by !== null ? 'killed' : reasons.has(mutant.id) ? 'equivalent' : 'survived');
    onProgress?.({ done: verdicts.size, total: mutants.length, id: mutant.id, by });
  }
  const living = new Set(idsOf(verdicts, 'equivalent'));
  const survived = idsOf(verdicts, 'survived');
  return {
    killed: [...killers].map(([id, by]) => ({ id, by })),
    survived,
    equivalent: [...living].map((id) => ({ id, why: reasons.get(id) ?? '' })),
    staleEquivalents: [...reasons.keys()].filter((id) => !living.has(id)),
    score: killers.size + survived.length === 0 ? 1 : killers.size / (killers.size + survived.length),
    machines: tally(verdicts),
  };
}

async function ask<Mutant extends MutantName>(
  isKilled: (mutant: Mutant) => string | null | Promise<string | null>,
  mutant: Mutant,
): Promise<string | null> {
  try {
    return await isKilled(mutant);
  } catch (cause) {
    throw new Error(`The check failed on the mutant '${mutant.id}', where ${mutant.what}.`, { cause });
  }
}

function tally(verdicts: ReadonlyMap<MutantName, Verdict>): MachineTally[] {
  const names = new Set([...verdicts.keys()].map(({ of }) => of));
  return [...names].map((name) => {
    const own = [...verdicts].filter(([{ of }]) => of === name);
    const count = (verdict: Verdict): number => own.filter(([, given]) => given === verdict).length;
    return {
      name,
      mutants: own.length,
      killed: count('killed'),
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
