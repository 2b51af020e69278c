/** Asks V8 where a function was written, which variables surround it, and what the text around it is. */
import { readFunctions, type Scope } from '../closure/v8/scope-reader.ts';
import { scriptSource, scriptUrl } from '../closure/v8/scripts.ts';

/** Where a function was written. `line` and `column` count from 0 in `source`, the text V8 compiled. */
export interface FunctionOrigin {
  readonly url: string;
  readonly source: string;
  readonly line: number;
  readonly column: number;
  /** The scopes around the function, innermost first, without the global ones. */
  readonly scopes: readonly Scope[];
}

/** Where `fn` was written, or undefined for a native function. Throws if the inspector cannot be used. */
export function inspectFunction(fn: object): FunctionOrigin | undefined {
  const [facts] = readFunctions([fn]);
  if (facts === undefined || facts.scriptId === null) return undefined;
  const { scriptId, line, column } = facts;
  const scopes = facts.scopes.filter(({ kind }) => kind !== 'Global' && kind !== 'Script');
  return {
    url: scriptUrl(scriptId),
    // Not everybody wants it, and it may take a while.
    get source() {
      return scriptSource(scriptId);
    },
    line,
    column,
    scopes,
  };
}
