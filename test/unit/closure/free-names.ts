/**
 * Asks V8 which variables a text takes from around it: those it has to keep alive for it, of all it could
 * name.
 */
import vm from 'node:vm';
import { readFunctions } from '../../../src/codec/closure/v8/scope-reader.ts';

// `async` counts as used wherever an async arrow begins.
const reserved = new Set(['arguments', 'eval', 'let', 'static', 'yield', 'await', 'async']);
const keywords = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false
  finally for function if import in instanceof new null return super switch this throw true try typeof
  var void while with implements interface package private protected public`.split(/\s+/u),
);

/** The free variables of an expression, which is compiled and not run. Throws SyntaxError. */
export function freeNames(expression: string, isStrict: boolean): Set<string> {
  const words = new Set(expression.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
  const names = [...words].filter((word) => !keywords.has(word) && !reserved.has(word));
  const head = `${isStrict ? "'use strict'; " : ''}${names.length > 0 ? `let ${names.join(', ')}; ` : ''}`;
  const outer: unknown = vm.runInThisContext(`(function () { ${head}return () => (${expression}\n); })`);
  if (typeof outer !== 'function') throw new TypeError('no function');
  const [facts] = readFunctions([outer() as object]);
  const scope = facts?.scopes.find(({ kind }) => kind.startsWith('Closure'));
  return new Set(
    scope === undefined ? [] : Object.keys(scope.variables).filter((name) => names.includes(name)),
  );
}
