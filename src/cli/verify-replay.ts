/** Steps through the file of a counterexample, and says whether it still shows what it showed. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { type CounterexampleFile, readCounterexample, replay } from '../verify/replay.ts';
import { ending, tellStep } from '../verify/story.ts';
import { VerifyError } from '../verify/verify-error.ts';
import { UsageError } from './usage-error.ts';
import type { Subject } from './verify-subjects.ts';

/** Replays it with the subject of its name; the answer is the exit code. */
export async function runReplay(file: string, subjects: readonly Subject[]): Promise<number> {
  const recorded = read(file);
  const subject = subjects.find(({ model }) => model.name === recorded.model);
  if (subject === undefined) {
    throw new UsageError(
      `${file} is about the model '${recorded.model}', which is not here: name its module with --machine.`,
    );
  }
  const { property, sentence, steps, circle } = recorded;
  say(`${recorded.model}: "${property}", in ${steps.length + circle.length} steps.`);
  const wait = await pauses();
  try {
    const path = replay(subject.model, recorded);
    let number = 0;
    for (;;) {
      const next = path.next();
      if (next.done === true) return conclude(next.value.isStillBroken, property, sentence);
      number += 1;
      if (number === steps.length + 1) say('From here it can go round, again and again:');
      await wait();
      say(tellStep(next.value, number).join('\n'));
    }
  } catch (error) {
    if (error instanceof VerifyError) throw error;
    throw new VerifyError(`${file} does not fit the model '${recorded.model}'. ${String(error)}`);
  } finally {
    wait.close();
  }
}

function conclude(isStillBroken: boolean, property: string, sentence: string): number {
  say(
    isStillBroken ? ending(property, sentence) : `The steps can still be made, but "${property}" holds now.`,
  );
  return isStillBroken ? 1 : 0;
}

interface Pauses {
  (): Promise<void>;
  close: () => void;
}

/** On a terminal each step waits for Enter. */
async function pauses(): Promise<Pauses> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return Object.assign(() => Promise.resolve(), { close: () => undefined });
  }
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const wait = async (): Promise<void> => void (await lines.question('(Enter) '));
  lines.on('close', leave);
  const close = (): void => {
    lines.off('close', leave);
    lines.close();
  };
  return Object.assign(wait, { close });
}

/** Ctrl-C and Ctrl-D: somebody has seen enough. */
const leave = (): void => process.exit(130);

function read(file: string): CounterexampleFile {
  try {
    return readCounterexample(readText(file));
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw new UsageError(`${file} cannot be replayed. ${error.message}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read. ${String(error)}`);
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
