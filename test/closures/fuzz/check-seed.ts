/** Runs the functions of one random program here and in a worker, and compares the answers. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { inspect } from 'node:util';
import { pathToFileURL } from 'node:url';
import type { Pool } from 'troupe';
import { programOf } from './program.ts';

type Task = (x: number) => unknown;

const argument = 5;

/** What is wrong with each function that does not do the same; empty if all do. */
export async function checkSeed(seed: number, pool: Pool, folder: string): Promise<string[]> {
  const file = path.join(folder, `seed-${seed}.mjs`);
  await writeFile(file, programOf(seed));
  const sent = await tasksOf(file, 'sent');
  // Neither sees what the other did: a child has its copy, and here each function runs in a fresh module.
  const there = await Promise.all(sent.map((task) => answerOf(() => pool.submit(task, argument))));
  const here = [];
  for (let index = 0; index < sent.length; index += 1) {
    const { [index]: task } = await tasksOf(file, `here-${index}`);
    here.push(await answerOf(() => task?.(argument)));
  }
  return here.flatMap((answer, index) =>
    isDeepStrictEqual(answer, there[index])
      ? []
      : [`Seed ${seed}, task ${index} of ${file}: ${show(there[index])} there, ${show(answer)} here.`],
  );
}

async function tasksOf(file: string, query: string): Promise<readonly Task[]> {
  const module = (await import(`${pathToFileURL(file).href}?${query}`)) as {
    readonly tasks: readonly Task[];
  };
  return module.tasks;
}

/** A value, or an error as a text. */
async function answerOf(run: () => unknown): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
}

function show(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: 4 });
}
