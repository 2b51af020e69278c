/** Sends values through a capture, JSON and a rebuilder, as if to another process. */
import { capture, type CaptureOptions } from '../../../../src/codec/closure/capture/capture.ts';
import { Rebuilder } from '../../../../src/codec/closure/rebuild/rebuilder.ts';
import type { Graph } from '../../../../src/codec/closure/wire.ts';

/** Something to call here and there; both must give the same. */
export interface Case {
  readonly name: string;
  /** The function and its arguments. */
  readonly make: () => readonly [fn: unknown, ...args: unknown[]];
  /** What it gives there, if that is not what it gives here. */
  readonly expected?: unknown;
}

/** Imports as the file that captured would. */
async function importModule(specifier: string, from: string | null): Promise<object> {
  const isRelative = /^\.{0,2}\//u.test(specifier) && from !== null;
  const imported: unknown = await import(isRelative ? new URL(specifier, from).href : specifier);
  return Object(imported) as object;
}

/** A process that knows nothing of this one. */
export function makeReceiver(): Rebuilder {
  return new Rebuilder({
    importModule,
    signal: () => new AbortController().signal,
    pool: () => ({ isPool: true }),
  });
}

/** The values as another process has them. */
export async function sendThrough(
  values: readonly unknown[],
  receiver: Rebuilder = makeReceiver(),
  options: Partial<CaptureOptions> = {},
): Promise<unknown[]> {
  const { graph, units, binaries } = capture(values, { roots: ['closure'], ...options });
  for (const unit of units) receiver.addUnit(structuredClone(unit));
  const received = JSON.parse(JSON.stringify(graph)) as Graph;
  return receiver.rebuild(
    received,
    binaries.map((bytes) => new Uint8Array(bytes)),
  );
}

/** Calls what was sent, in a new process. */
export async function callThere(values: readonly unknown[], receiver?: Rebuilder): Promise<unknown> {
  const [fn, ...args] = await sendThrough(values, receiver);
  return callHere([fn, ...args]);
}

/** Calls the first value with the others. */
export async function callHere([fn, ...args]: readonly unknown[]): Promise<unknown> {
  if (typeof fn !== 'function') throw new TypeError('the first value is no function');
  return (await Reflect.apply(fn, undefined, args)) as unknown;
}
