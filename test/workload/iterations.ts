/** Reads what `map` and `stream` give, and checks each result, its place, and that there are all of them. */
import type { Submitter } from 'troupe';
import type { Operation } from './call.ts';
import type { Ledger } from './ledger.ts';
import type { Item } from './tasks.mjs';
import { type CallRecord, codeOf, describe } from './verdict.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** One loop of a reader. */
export interface Iteration {
  readonly record: CallRecord;
  readonly ledger: Ledger;
  readonly submitter: Submitter;
  count(results: number): void;
}

/** Every item gives one result, in the order of the items if that was asked for. */
export async function iterateMap(
  iteration: Iteration,
  fn: AnyFunction,
  { token, count, failsAt, breaksAfter, ...options }: Extract<Operation, { kind: 'map' }>,
): Promise<void> {
  const { ordered, chunkSize } = options;
  const left = new Set<number>(Array.from({ length: count }, (_, index) => index));
  const items = Array.from({ length: count }, (_, index): Item => ({
    token,
    index,
    fails: index === failsAt,
  }));
  const results = iteration.submitter.map(fn, items, { ordered, chunkSize });
  const accept = (value: unknown, place: number): boolean => {
    const { token: own, index, double } = value as { token: number; index: number; double: number };
    return own === token && double === index * 2 && left.delete(index) && (!ordered || index === place);
  };
  await read(iteration, results, {
    accept,
    breaksAfter,
    isDone: () => left.size === 0,
    // Its chunks wait for room.
    mayBeFull: false,
  });
}

/** The values come in order, and a loop that is not left gets all of them. */
export async function iterateStream(
  iteration: Iteration,
  fn: AnyFunction,
  { token, count, breaksAfter }: Extract<Operation, { kind: 'stream' }>,
): Promise<void> {
  const values = iteration.submitter.stream(fn as (...args: number[]) => Iterable<unknown>, token, count);
  let next = 0;
  const accept = (value: unknown, place: number): boolean => {
    const { token: own, index } = value as { token: number; index: number };
    next += 1;
    return own === token && index === place;
  };
  await read(iteration, values, { accept, breaksAfter, isDone: () => next === count, mayBeFull: true });
}

interface Expected {
  accept(value: unknown, place: number): boolean;
  readonly breaksAfter: number | null;
  isDone(): boolean;
  readonly mayBeFull: boolean;
}

async function read(
  { record, ledger, count }: Iteration,
  values: AsyncIterable<unknown>,
  { accept, breaksAfter, isDone, mayBeFull }: Expected,
): Promise<void> {
  let place = 0;
  try {
    for await (const value of values) {
      if (!accept(value, place)) ledger.reportCall(record, `gave a wrong result: ${describe(value)}`);
      place += 1;
      if (place === breaksAfter) return;
    }
    if (!isDone()) ledger.reportCall(record, `ended after ${place} results`);
  } catch (error) {
    const isFull = codeOf(error) === 'ERR_TROUPE_QUEUE_FULL' && !mayBeFull;
    const problem = isFull ? 'was refused for a full queue' : ledger.problemOf(record, error);
    if (problem !== null) ledger.reportCall(record, problem);
  } finally {
    count(place);
  }
}
