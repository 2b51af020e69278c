/**
 * Remembers functions that use nothing around them: all that are made from one text are the same, so it is
 * captured once. Most of the arrows that programs pass are of this kind.
 */
import { types } from 'node:util';
import type { FunctionReference } from '../../machines/protocol.ts';
import type { CapturedCall } from './call.ts';
import { isSelfContained } from './closure/capture/locate.ts';
import { analyze } from './closure/source/analyze.ts';
import type { FunctionSource } from './closure/source/function-source.ts';
import { SourceError } from './closure/source/source-error.ts';

/** How such a function goes. */
export interface BareFunction {
  readonly reference: FunctionReference;
  readonly captured: CapturedCall;
}

/** By text, and then by name. */
const remembered = new WeakMap<FunctionSource, Map<string, BareFunction>>();
let isAnyRemembered = false;

/** How a function of that text and name went before. */
export function bareFunction(fn: unknown): BareFunction | undefined {
  // The first text takes ten milliseconds and more, and the first worker is not started yet.
  if (!isAnyRemembered) return undefined;
  const source = plainSourceOf(fn);
  return source === undefined ? undefined : remembered.get(source)?.get(nameOf(fn));
}

/** Whether a function uses nothing around it, and has nothing on it. */
export function isBare(fn: unknown): boolean {
  const source = plainSourceOf(fn);
  return source !== undefined && isSelfContained(source);
}

/** Remembers how a bare function goes. */
export function rememberBare(fn: unknown, bare: BareFunction): void {
  const source = plainSourceOf(fn);
  if (source === undefined) return;
  const named = remembered.get(source) ?? new Map<string, BareFunction>();
  remembered.set(source, named.set(nameOf(fn), bare));
  isAnyRemembered = true;
}

/** What messages call a function. */
export function nameOf(fn: unknown, unnamed = 'anonymous'): string {
  if (typeof fn !== 'function' || types.isProxy(fn)) return unnamed;
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' && name !== '' ? name : unnamed;
}

/** The text of an arrow as it was made: nothing was put on it, and it has its usual prototype. */
function plainSourceOf(fn: unknown): FunctionSource | undefined {
  if (typeof fn !== 'function' || types.isProxy(fn) || Reflect.ownKeys(fn).length > 2) return undefined;
  if (!usualProtos.has(Object.getPrototypeOf(fn))) return undefined;
  const source = sourceOf(fn);
  return source?.form === 'arrow' ? source : undefined;
}

const usualProtos: ReadonlySet<unknown> = new Set([
  Function.prototype,
  Object.getPrototypeOf(async () => {}),
]);

function sourceOf(fn: object): FunctionSource | undefined {
  const text = Function.prototype.toString.call(fn);
  if (!text.includes('=>')) return undefined;
  try {
    return analyze(text);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
