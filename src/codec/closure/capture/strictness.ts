/** Whether code is strict, which V8 does not say outright. */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionSource } from '../source/function-source.ts';
import { RecentMap } from '../source/recent-map.ts';
import type { FunctionFacts } from '../v8/scope-reader.ts';

/** Comments before the first statement. */
const leading = /^(?:\s+|#!.*|\/\/.*|\/\*[^]*?\*\/)+/u;
const directive = /^(['"])use strict\1/u;
const moduleStatement = /^\s*(?:import\b(?!\s*\()|export\b)/mu;

const files = new RecentMap<string, boolean>(10_000);

/** Whether a function or class is strict; undefined if neither it nor the facts about it tell. */
export function isStrictCode(
  fn: object,
  source: FunctionSource,
  facts: FunctionFacts | undefined,
  url: string,
): boolean | undefined {
  if (source.form === 'class' || source.isStrictByDirective) return true;
  const { form, isAsync, isGenerator } = source;
  if (form === 'function' && !isAsync && !isGenerator) return !isSloppyFunction(fn);
  if (facts === undefined) return undefined;
  return facts.scopes.some(({ kind }) => kind === 'Module') || isStrictFile(url);
}

/** What was found out by an error, which costs more than the rest. */
const sloppiness = new WeakMap<object, boolean>();

function isSloppyFunction(fn: object): boolean {
  const known = sloppiness.get(fn) ?? hasArguments(fn);
  sloppiness.set(fn, known);
  return known;
}

/** V8 lets only sloppy functions have `arguments`: an own property or, from Node 26 on, an inherited one. */
function hasArguments(fn: object): boolean {
  if (Object.hasOwn(fn, 'arguments')) return true;
  try {
    Reflect.get(Function.prototype, 'arguments', fn);
    return true;
  } catch {
    return false;
  }
}

/** Test tools make functions of modules; what is on disk still says what they were. */
function isStrictFile(url: string): boolean {
  const known = files.get(url);
  if (known !== undefined) return known;
  const text = textOf(url);
  const isStrict = directive.test(text.replace(leading, '')) || moduleStatement.test(text);
  files.set(url, isStrict);
  return isStrict;
}

function textOf(url: string): string {
  try {
    return fs.readFileSync(url.startsWith('file:') ? fileURLToPath(url) : url, 'utf8');
  } catch {
    return '';
  }
}
