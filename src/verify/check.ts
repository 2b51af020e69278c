/** Checks a model: explores it, judges its properties, and reports what was and what was not covered. */
import process from 'node:process';
import { fairCircle } from './circle.ts';
import { type Counterexample, PathWalker } from './counterexample.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { type Exploration, Explorer, type Finding, type Progress } from './explore.ts';
import { findTrap, type Trap } from './liveness.ts';
import { bind, type BoundModel, type Model } from './model.ts';
import { ModelSystem } from './model-system.ts';
import type { Property } from './property.ts';
import { VerifyError } from './verify-error.ts';
import { nowhere } from './visited.ts';

export interface Limits {
  /** Moments to explore at most. Default: 20,000,000. */
  readonly states?: number;
  /** Seconds to search at most. Default: no limit. */
  readonly seconds?: number;
  /** Bytes of found moments to keep in memory before they go to a temporary file. Default: 256 MiB. */
  readonly frontierBytes?: number;
}

export interface CheckSettings {
  readonly limits?: Limits | undefined;
  /** Take moments that differ only in names for one. Default: `true`. */
  readonly symmetry?: boolean | undefined;
  /** Explore independent moves alone. Default: `true`. */
  readonly reduction?: boolean | undefined;
  /** Told about twice a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Report {
  /**
   * `passed`: every moment was explored and everything holds. `failed`: see `counterexample` and `unseen`.
   * `incomplete`: a limit was reached before the end, and nothing wrong was found until then.
   */
  readonly verdict: 'passed' | 'failed' | 'incomplete';
  readonly model: string;
  readonly scope: object;
  readonly states: number;
  readonly edges: number;
  /** Found, and not explored: what comes after them is not known. */
  readonly waiting: number;
  /** Every moment up to so many moves from the start was found; of a whole search, the farthest one. */
  readonly depth: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  /** Of the process, at the end. */
  readonly memoryBytes: number;
  readonly spilledBytes: number;
  /** The odds that two different moments were taken for one. */
  readonly collisionOdds: number;
  readonly reductions: { readonly symmetry: boolean; readonly reduction: boolean };
  /** How often each kind of move was made. */
  readonly moves: Readonly<Record<string, number>>;
  /** Names of moves that the environment knows of, and that were never made. */
  readonly neverMade: readonly string[];
  readonly coverage: readonly Coverage[];
  readonly properties: readonly string[];
  readonly counterexample: Counterexample | null;
  /** `sometimes` properties that never held: judged when the search is complete. */
  readonly unseen: readonly string[];
  /** Which limit ended the search; or, on the command line, Ctrl-C. */
  readonly stopped: 'states' | 'seconds' | 'interrupted' | null;
  /** `eventually` properties are judged when the search is complete. */
  readonly notJudged: readonly string[];
}

/** A search remembers them in one byte for each moment. */
const eventuallyMax = 8;

/**
 * Explores every moment of a model that can be reached within its scope. What else stands in the options
 * overrides parts of the model's own scope.
 *
 * @throws VerifyError if a machine uses what cannot be explored; it names machine, state and remedy.
 * @example
 *   const report = check(lamps, { lamps: 3, limits: { states: 100_000 } });
 *   if (report.verdict !== 'passed') console.log(story(report));
 */
export function check<Scope extends object>(
  model: Model<Scope>,
  options: Partial<Scope> & CheckSettings = {},
): Report {
  const checking = checkInParts(model, options);
  let part = checking.next(false);
  while (part.done !== true) part = checking.next(false);
  return part.value;
}

/** The same in parts that are short. Whoever answers one of them with true ends the search. */
export function* checkInParts<Scope extends object>(
  model: Model<Scope>,
  options: Partial<Scope> & CheckSettings,
): Generator<void, Report, boolean> {
  const { limits, symmetry, reduction, onProgress, ...scope } = options;
  const bound = bind(model, { ...model.scope, ...scope });
  return yield* checkBound(bound, { limits, symmetry, reduction, onProgress });
}

/** The same for a model whose scope is fixed. */
function* checkBound(model: BoundModel, settings: CheckSettings): Generator<void, Report, boolean> {
  const { symmetry = true, reduction = true, limits = {}, onProgress } = settings;
  if (model.properties.filter(({ kind }) => kind === 'eventually').length > eventuallyMax) {
    throw new VerifyError(
      `Model '${model.name}' has more than ${eventuallyMax} \`eventually\` properties. Check some of ` +
        'them in a model of their own.',
    );
  }
  const system = new ModelSystem(model, symmetry);
  const { states = 20_000_000, seconds = Infinity, frontierBytes = 2 ** 28 } = limits;
  const explorer = new Explorer(system, model.properties, {
    isReduced: reduction,
    limits: { states, seconds, frontierBytes },
    onProgress,
  });
  const exploration = yield* explorer.runInParts();
  const counterexample = findCounterexample(system, exploration, model.properties);
  // Where only one move was made nobody knows what else had to happen: a circle may not be a fair one.
  if (counterexample !== null && counterexample.circle.length > 0 && exploration.reduced > 0)
    return yield* checkBound(model, { ...settings, reduction: false });
  return reportOf(model, system, exploration, counterexample, { symmetry, reduction });
}

function reportOf(
  { name, scope, properties }: BoundModel,
  system: ModelSystem,
  exploration: Exploration,
  counterexample: Counterexample | null,
  reductions: Report['reductions'],
): Report {
  const { visited, edges, stopped, seconds, waiting, depth, spilledBytes } = exploration;
  const namesOf = (kind: Property['kind']): string[] =>
    properties.filter((property) => property.kind === kind).map((property) => property.name);
  const isWhole = stopped === null && counterexample === null;
  const unseen = isWhole ? namesOf('sometimes').filter((each) => !exploration.seen.has(each)) : [];
  const isFailed = counterexample !== null || unseen.length > 0;
  return {
    verdict: isFailed ? 'failed' : stopped === null ? 'passed' : 'incomplete',
    model: name,
    scope,
    states: visited.size,
    edges: edges.size,
    waiting,
    depth,
    seconds,
    statesPerSecond: visited.size / seconds,
    memoryBytes: process.memoryUsage().rss,
    spilledBytes,
    collisionOdds: visited.collisionOdds,
    reductions,
    moves: Object.fromEntries(exploration.moveCounts),
    neverMade: system.moveNames.filter((each) => !exploration.moveCounts.has(each)),
    coverage: [...system.kinds.values()].map(coverageOf),
    properties: ['every step keeps the rules', 'no deadlock', ...properties.map((property) => property.name)],
    counterexample,
    unseen,
    stopped,
    notJudged: isWhole ? [] : [...namesOf('eventually'), ...namesOf('sometimes')],
  };
}

function findCounterexample(
  system: ModelSystem,
  exploration: Exploration,
  properties: readonly Property[],
): Counterexample | null {
  const [finding] = exploration.findings;
  if (finding !== undefined) return explain(system, exploration, finding);
  if (exploration.stopped !== null) return null;
  const wanted = properties.filter(({ kind }) => kind === 'eventually');
  for (const [bit, { name }] of wanted.entries()) {
    const trap = findTrap(exploration.edges, exploration.pending, bit);
    if (trap !== null) return explainTrap(system, exploration, name, trap);
  }
  return null;
}

function explain(system: ModelSystem, { visited }: Exploration, finding: Finding): Counterexample {
  const { property, sentence, state, isStep } = finding;
  if (state === nowhere) {
    const { start } = new PathWalker(system, visited, null);
    return { property, sentence: start.violations[0] ?? sentence, start, steps: [], circle: [] };
  }
  const [first = 0, ...rest] = visited.pathTo(state);
  const walker = new PathWalker(system, visited, first);
  const steps = walker.walk(rest.map((each) => ({ state: each })));
  if (isStep) steps.push(walker.breakRule());
  const { start } = walker;
  return { property, sentence: steps.at(-1)?.violations[0] ?? sentence, start, steps, circle: [] };
}

function explainTrap(
  system: ModelSystem,
  { visited, edges }: Exploration,
  property: string,
  trap: Trap,
): Counterexample {
  const [first = 0, ...rest] = visited.pathTo(trap.state);
  const walker = new PathWalker(system, visited, first);
  const steps = walker.walk(rest.map((state) => ({ state })));
  const way = trap.isRest ? [] : fairCircle(trap, edges);
  const circle = walker.walk(
    way.map((edge) => ({ state: edges.targetOf(edge), name: edges.nameTextOf(edge) })),
  );
  const sentence = trap.isRest
    ? 'nothing more has to happen, and it does not hold'
    : 'the system can go round for ever without it';
  return { property, sentence, start: walker.start, steps, circle };
}
