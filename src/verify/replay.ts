/** Counterexamples as files: written once, and stepped through again, also after the model has changed. */
import { isRecord } from '../runtime/definition-value.ts';
import type { Report } from './check.ts';
import { type PathStep, playStart, playStep } from './counterexample.ts';
import { bind, type BoundModel, type Model, type Move } from './model.ts';
import { ModelSystem } from './model-system.ts';
import { VerifyError } from './verify-error.ts';

const format = 'troupe counterexample';
const formatVersion = 1;

/** A counterexample as JSON. */
export interface CounterexampleFile {
  readonly format: typeof format;
  readonly version: typeof formatVersion;
  readonly model: string;
  readonly scope: object;
  readonly property: string;
  readonly sentence: string;
  /** How the choices of the start were answered. */
  readonly start: readonly number[];
  readonly steps: readonly FileStep[];
  /** Steps that go round for ever, after the others. */
  readonly circle: readonly FileStep[];
}

/** Which of the moves that were possible was made, how its choices were answered, and what that meant. */
export interface FileStep {
  readonly index: number;
  readonly script: readonly number[];
  readonly move: string;
}

/** Where a replay ended. */
export interface ReplayEnd {
  /** Whether the same property is broken in the same way. */
  readonly isStillBroken: boolean;
}

/** The counterexample of a report, for `JSON.stringify`. Throws a `VerifyError` if it has none. */
export function toFile({ model, scope, counterexample }: Report): CounterexampleFile {
  if (counterexample === null)
    throw new VerifyError(`The report on '${model}' has no counterexample: there is nothing to replay.`);
  const { property, sentence, start, steps, circle } = counterexample;
  return {
    format,
    version: formatVersion,
    model,
    scope,
    property,
    sentence,
    start: start.script,
    steps: steps.map(stepOf),
    circle: circle.map(stepOf),
  };
}

const stepOf = ({ index, script, move }: PathStep): FileStep => ({ index, script, move });

/** Reads what `toFile` made. Throws a `VerifyError` if it is something else. */
export function readCounterexample(text: string): CounterexampleFile {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    throw new VerifyError(`A counterexample must be JSON. ${String(error)}`, { cause: error });
  }
  if (!isRecord(found) || found['format'] !== format)
    throw new VerifyError('This is no counterexample: `troupe verify --out FILE` writes them.');
  if (found['version'] !== formatVersion)
    throw new VerifyError(
      `The counterexample has format ${String(found['version'])}; this version reads ${formatVersion}.`,
    );
  if (!isFile(found)) throw new VerifyError('The counterexample is damaged: some of its fields are missing.');
  return found;
}

function isFile(found: Record<string, unknown>): found is Record<string, unknown> & CounterexampleFile {
  const { model, scope, property, sentence, start, steps, circle } = found;
  const areTexts = [model, property, sentence].every((text) => typeof text === 'string');
  return areTexts && isRecord(scope) && isNumbers(start) && areSteps(steps) && areSteps(circle);
}

const isNumbers = (found: unknown): boolean =>
  Array.isArray(found) && found.every((each) => typeof each === 'number');

const areSteps = (found: unknown): boolean =>
  Array.isArray(found) &&
  found.every(
    (step: unknown) =>
      isRecord(step) &&
      typeof step['index'] === 'number' &&
      typeof step['move'] === 'string' &&
      isNumbers(step['script']),
  );

/**
 * Makes the steps of a counterexample again, one by one; at the end it returns whether the property is still
 * broken. Throws a `VerifyError` if the model no longer makes one of the steps.
 *
 * @example
 *   for (const step of replay(lamps, readCounterexample(text))) console.log(step.move, step.states);
 */
export function* replay<Scope extends object>(
  model: Model<Scope>,
  file: CounterexampleFile,
): Generator<PathStep, ReplayEnd> {
  if (model.name !== file.model)
    throw new VerifyError(`The counterexample is of '${file.model}', and this model is '${model.name}'.`);
  const bound = bind(model, { ...model.scope, ...file.scope });
  const system = new ModelSystem(bound, true);
  let isBroken = playStart(system, file.start).violations.length > 0;
  const again = (step: FileStep, number: number): PathStep => {
    const { world } = system;
    const row = world.row.slice();
    const made = playStep(system, row, indexOf(step, number, system), step.script);
    isBroken = made.violations.length > 0;
    return made;
  };
  for (const [at, step] of file.steps.entries()) yield again(step, at + 1);
  const before = [...system.symmetry.canonical(system.world.row)];
  for (const [at, step] of file.circle.entries()) yield again(step, file.steps.length + at + 1);
  const isRound = system.symmetry.canonical(system.world.row).every((cell, at) => cell === before[at]);
  const isEndless = file.circle.length > 0 ? isRound : isAtRest(system);
  return { isStillBroken: isBroken || isBrokenAtEnd(bound, system, file.property, isEndless) };
}

/** Where the move stands now: moves may be added to a model, and stand before it. */
function indexOf({ index, move }: FileStep, number: number, system: ModelSystem): number {
  const { world } = system;
  world.load(world.row.slice());
  const sentences = system.moves().map((each) => system.describe(each));
  if (sentences[index] === move) return index;
  const found = sentences.indexOf(move);
  if (found !== -1) return found;
  const possible = sentences.length === 0 ? 'nothing' : sentences.join('; ');
  throw new VerifyError(`The model no longer makes step ${number}, "${move}". Possible there: ${possible}.`);
}

const mustHappen = ({ kind }: Move): boolean => kind === 'system' || kind === 'timer';

function isAtRest(system: ModelSystem): boolean {
  system.world.load(system.world.row.slice());
  return !system.moves().some(mustHappen);
}

function isBrokenAtEnd(
  { properties }: BoundModel,
  system: ModelSystem,
  name: string,
  isEndless: boolean,
): boolean {
  const property = properties.find((each) => each.name === name);
  if (property === undefined) return name === 'no deadlock' && isEndless && !system.mayRest();
  return !property.holds(system.world) && (property.kind === 'always' || isEndless);
}
