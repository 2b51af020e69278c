/**
 * Remembers functions that V8 need not be asked about again, because all they use of what is around them is
 * constant. Most functions that others call are of this kind, and many are submitted again and again.
 */
import { isPristineGlobal } from '../known.ts';
import type { FunctionSource } from '../source/function-source.ts';
import type { FunctionFacts, Scope } from '../v8/scope-reader.ts';
import { constantsOf } from '../v8/scripts.ts';
import { exportNameOf } from './module-export.ts';
import { findVariable } from './variables.ts';

/** What was found out about a function: only that it was met, that its variables change, or its facts. */
type Finding = 'met' | 'changing' | FunctionFacts;

const findings = new WeakMap<object, Finding>();

/** The facts about a function, if they cannot have changed. */
export function lastingFacts(fn: object): FunctionFacts | undefined {
  const found = findings.get(fn);
  return typeof found === 'object' ? found : undefined;
}

/**
 * Remembers a function that is met again, if nothing can change that it uses: for one that is not, its
 * script is not parsed.
 */
export function rememberLasting(fn: object, source: FunctionSource, facts: FunctionFacts, url: string): void {
  const found = findings.get(fn);
  if (found === undefined) findings.set(fn, 'met');
  if (found !== 'met' || facts.scriptId === null || url === '') return;
  const outcome = lastingOf(source, facts, constantsOf(facts.scriptId));
  if (outcome === 'met') return;
  findings.set(fn, outcome);
  // Of the scopes, only what the function itself uses is kept.
  if (outcome !== 'changing') exportNameOf(fn, facts);
}

function lastingOf(source: FunctionSource, facts: FunctionFacts, constants: ReadonlySet<string>): Finding {
  const used = new Map<Scope, string[]>();
  for (const name of source.variables.keys()) {
    const found = findVariable(facts.scopes, name);
    const scope = found?.scopes[0];
    if (found === undefined || scope === undefined) continue;
    if (scope.kind === 'Global' ? !isPristineGlobal(name) : !isConstantIn(scope, name, constants))
      return 'changing';
    // Before Node 22, what is not initialised yet seems to be undefined.
    if (found.failure !== null || (found.value === undefined && scope.kind !== 'Global')) return 'met';
    used.set(scope, [...(used.get(scope) ?? []), name]);
  }
  return { ...facts, scopes: facts.scopes.map((scope) => reduced(scope, used.get(scope) ?? [])) };
}

/** Constants at the top of a script may be declared again by a console. */
function isConstantIn({ kind }: Scope, name: string, constants: ReadonlySet<string>): boolean {
  return kind !== 'Script' && !kind.startsWith('With') && constants.has(name);
}

/** The scope with these variables only; nothing else is to be kept alive. */
function reduced({ kind, variables }: Scope, names: readonly string[]): Scope {
  if (kind === 'Global') return { kind, variables };
  return {
    kind,
    variables: Object.fromEntries(names.map((name) => [name, Reflect.get(variables, name)])),
  };
}
