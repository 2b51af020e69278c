/** Plays one path in the model and in reality, and compares them after each step. */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { tellStep } from '../../src/verify/story.ts';
import { differences } from './facts.ts';
import { factsOfReality } from './facts-of-reality.ts';
import { perform } from './perform.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { Reality, type Stage } from './reality.ts';

export interface PlayResult {
  /** How they came to differ, as a story; `null` if they agree. */
  readonly story: string | null;
  readonly processes: number;
  readonly steps: number;
}

/** A step of reality takes milliseconds, and seconds on a machine that has other things to do. */
const stepMaxMs = 20_000;

export async function play(plan: Plan, stage: Stage): Promise<PlayResult> {
  const reality = new Reality(plan, stage);
  try {
    const story = await playAll(plan, reality);
    return { story, processes: reality.started.length, steps: plan.steps.length };
  } finally {
    await reality.remove();
  }
}

async function playAll(plan: Plan, reality: Reality): Promise<string | null> {
  const atStart = differences(plan.start.facts, factsOfReality(reality, plan.start));
  if (atStart.length > 0) return tell(plan, 0, atStart);
  for (const [at, step] of plan.steps.entries()) {
    const problems = await playOne(plan, at, step, reality);
    if (problems.length > 0) return tell(plan, at + 1, problems);
  }
  return null;
}

async function playOne(plan: Plan, at: number, step: PlannedStep, reality: Reality): Promise<string[]> {
  const timeout = new AbortController();
  const uncaught: string[] = [];
  const onUncaught = (error: unknown): void => void uncaught.push(`nobody caught ${String(error)}`);
  process.on('uncaughtException', onUncaught);
  const late = delay(stepMaxMs, true, { signal: timeout.signal }).catch(() => false);
  try {
    const done = perform(reality, plan, at).then(() => false);
    if (await Promise.race([done, late])) return ['reality does not make this step: it waits for ever'];
  } catch (error) {
    return [`reality cannot make this step: ${String(error)}`];
  } finally {
    timeout.abort();
    process.off('uncaughtException', onUncaught);
  }
  const signals = [...reality.children].flatMap(([id, child]) =>
    child.signals.map((name) => `${id} ${name}`),
  );
  return [
    ...uncaught,
    ...differences(
      [],
      Array.from({ length: reality.unplanned }, () => 'a child'),
      'spawned',
    ),
    ...differences(step.after.facts, factsOfReality(reality, step.after)),
    ...differences(step.results.settlements, reality.settlements, 'what callers heard'),
    ...differences(step.results.events, reality.events.toSorted(), 'what machines heard'),
    ...differences(step.results.signals.toSorted(), signals.toSorted(), 'signals'),
  ];
}

function tell({ steps }: Plan, count: number, problems: readonly string[]): string {
  return [
    ...steps.slice(0, count).flatMap(({ path }, at) => tellStep(path, at + 1)),
    '',
    'After that they differ:',
    ...problems.map((problem) => `    ${problem}`),
  ].join('\n');
}
