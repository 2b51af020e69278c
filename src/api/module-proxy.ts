/** A module that lives in the workers: its functions are called here and run there. */
import { attachReference } from '../codec/function-reference.ts';
import { InvalidOptionError } from '../errors.ts';
import type { Task } from './task.ts';

type AnyFunction = (...args: never[]) => unknown;

/** A generator function of a module: give it to `pool.stream()`. */
export interface StreamReference<Args extends unknown[], Yield> {
  readonly generator: (...args: Args) => AsyncIterable<Yield>;
}

type YieldOf<Result> = Result extends AsyncIterable<infer Yield> | Iterable<infer Yield> ? Yield : never;
type IsGenerator<Result> = [Result] extends [never]
  ? false
  : Result extends Generator | AsyncGenerator
    ? true
    : false;

type RemoteFunction<Fn> = Fn extends (...args: infer Args) => infer Result
  ? IsGenerator<Result> extends true
    ? StreamReference<Args, YieldOf<Result>>
    : (...args: Args) => Task<Awaited<Result>>
  : never;

/** The functions of a module, each returning a `Task`; what is not a function is left out. */
export type ModuleProxy<Module> = {
  readonly [Name in keyof Module as Module[Name] extends AnyFunction ? Name : never]: RemoteFunction<
    Module[Name]
  >;
};

/** Calls a function of the module. */
export type Call = (handle: AnyFunction, args: unknown[]) => Task<unknown>;

export function moduleProxy<Module>(url: URL | string, call: Call): ModuleProxy<Module> {
  const address = moduleUrl(url);
  const handles = new Map<string, AnyFunction>();
  const target = { __proto__: null };
  const proxy: unknown = new Proxy(target, {
    get(_target, name) {
      // A proxy that answered to `then` would be taken for a promise by `await`.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      const known = handles.get(name);
      if (known !== undefined) return known;
      const handle: AnyFunction = (...args) => call(handle, args);
      handles.set(name, attachReference(handle, { url: address, name }));
      return handle;
    },
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows the module
  return proxy as ModuleProxy<Module>;
}

function moduleUrl(url: URL | string): string {
  const text = String(url);
  if (url instanceof URL || /^(?:file|data|node):/u.test(text)) return text;
  throw new InvalidOptionError(
    'url',
    `pool.module() got ${JSON.stringify(text)}, which is not an absolute URL. A worker cannot know what it ` +
      "is relative to: pass new URL('./jobs.js', import.meta.url).",
  );
}
