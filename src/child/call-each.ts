/** Calls a function once per item of a chunk. */
import type { EachResult } from '../../machines/protocol.ts';
import { EachResults } from '../codec/each-result.ts';
import { isPromiseLike } from './promise-like.ts';

type ItemFunction = (item: unknown) => unknown;

/** What it needs of the task that does it. */
export interface EachPorts {
  /** In milliseconds. */
  now(): number;
  /** Throws if the task was cancelled. */
  throwIfCancelled(): void;
}

/** Stays synchronous as long as the function is. */
export function callEach(
  fn: ItemFunction,
  items: readonly unknown[],
  ports: EachPorts,
): EachResult | Promise<EachResult> {
  const results = new EachResults();
  const beganAtMs = ports.now();
  for (let index = 0; index < items.length; index += 1) {
    ports.throwIfCancelled();
    try {
      const value = fn(items[index]);
      if (isPromiseLike(value)) {
        const rest = callRest(fn, items.slice(index + 1), { first: value, results, ports });
        return rest.then((failed) => failed ?? results.complete(microsSince(beganAtMs, ports)));
      }
      results.add(value);
    } catch (error) {
      return results.failed(error);
    }
  }
  return results.complete(microsSince(beganAtMs, ports));
}

async function callRest(
  fn: ItemFunction,
  items: readonly unknown[],
  { first, results, ports }: { first: PromiseLike<unknown>; results: EachResults; ports: EachPorts },
): Promise<EachResult | null> {
  try {
    results.add(await first);
    for (const item of items) {
      ports.throwIfCancelled();
      results.add(await fn(item));
    }
    return null;
  } catch (error) {
    return results.failed(error);
  }
}

function microsSince(beganAtMs: number, ports: EachPorts): number {
  return Math.round((ports.now() - beganAtMs) * 1_000);
}
