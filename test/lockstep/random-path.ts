/** A random walk through the model: longer than the paths that cover it, and through larger pools. */
import { playStart, playStep } from '../../src/verify/counterexample.ts';
import { bind, type Move } from '../../src/verify/model.ts';
import { ModelSystem } from '../../src/verify/model-system.ts';
import type { CoveringPath, PathChoice } from '../../src/verify/paths.ts';
import { poolModel } from '../../src/verify/pool/pool-model.ts';
import type { PoolScope } from '../../src/verify/pool/scope.ts';
import { processesOf } from './facts.ts';
import { isRealChoice, isReproducible } from './plan.ts';
import type { World } from '../../src/verify/world.ts';
import type { Random } from '../workload/random.ts';

/** What goes wrong, and who calls, only now and then: otherwise nothing ever gets far. */
function weightOf({ kind, name }: Move): number {
  if (kind === 'fault') return 2;
  if (kind !== 'caller') return 40;
  if (name === 'submit') return 20;
  return /close|terminate/u.test(name) ? 1 : 4;
}

/** Ends when nothing can happen any more. */
export function randomPath(scope: PoolScope, random: Random, stepsMax: number): CoveringPath {
  const system = new ModelSystem(bind(poolModel, scope), false);
  const { world } = system;
  playStart(system, []);
  const steps: PathChoice[] = [];
  while (steps.length < stepsMax) {
    const row = world.row.slice();
    world.load(row);
    const moves = system.moves();
    const index = pick(world, moves, random);
    if (index === null) break;
    const script = randomScript(system, row, index, random);
    if (script === null) break;
    const { move } = playStep(system, row, index, script);
    steps.push({ index, script, move });
  }
  return { start: [], steps, pairs: [] };
}

function pick(world: World, moves: readonly Move[], random: Random): number | null {
  const weights = moves.map((move) => (isReproducible(processesOf(world), move) ? weightOf(move) : 0));
  if (weights.every((weight) => weight === 0)) return null;
  const named = Object.fromEntries(weights.map((weight, index) => [String(index), weight]));
  return Number(random.pickWeighted(named));
}

/** Any of the ways in which a real pool could answer the choices of a move; `null` if there is none. */
function randomScript(
  system: ModelSystem,
  row: Int32Array,
  index: number,
  random: Random,
): readonly number[] | null {
  system.world.load(row);
  const move = system.moves()[index];
  const scripts: number[][] = [];
  for (let script: number[] | null = []; script !== null; script = system.world.nextScript()) {
    const step = playStep(system, row, index, script);
    if (move !== undefined && isRealChoice(step, move)) scripts.push(script);
  }
  return scripts.length === 0 ? null : random.pick(scripts);
}
