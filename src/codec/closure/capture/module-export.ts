/** Finds the name under which a module exports a function that was met among the values. */
import { parseExports } from '../../reference/module-exports.ts';
import type { FunctionFacts } from '../v8/scope-reader.ts';
import { scriptSource } from '../v8/scripts.ts';
import type { Capturing } from './capturing.ts';
import { nameOf } from './function-proto.ts';
import { mayImport } from './reference-policy.ts';

const found = new WeakMap<object, string>();

/** The export that holds a function, if it is an ES module's and a child may import that. */
export function exportOf(
  fn: object,
  facts: FunctionFacts,
  url: string,
  capturing: Capturing,
): string | undefined {
  // What is exported has a name, if only `default`.
  if (nameOf(fn) === '' || !url.startsWith('file:')) return undefined;
  if (!mayImport(url, capturing) || capturing.byValue.has(fn)) return undefined;
  return exportNameOf(fn, facts);
}

/** The name under which its module exports a function, which is looked up once. */
export function exportNameOf(
  fn: object,
  { scopes, scriptId, line, column }: FunctionFacts,
): string | undefined {
  const known = found.get(fn);
  const variables = scopes.find(({ kind }) => kind === 'Module')?.variables;
  if (known !== undefined || variables === undefined || scriptId === null) return known;
  const exports = parseExports(scriptSource(scriptId));
  const name =
    exports.find(({ local }) => local !== undefined && holds(variables, local, fn))?.name ??
    exports.find(({ unnamedAt }) => isAt(unnamedAt, line, column))?.name;
  if (name !== undefined) found.set(fn, name);
  return name;
}

/** A variable that is not initialised yet throws. */
function holds(variables: object, name: string, fn: object): boolean {
  try {
    return Object.hasOwn(variables, name) && Reflect.get(variables, name) === fn;
  } catch {
    return false;
  }
}

type Extent = ReturnType<typeof parseExports>[number]['unnamedAt'];

function isAt(extent: Extent, line: number, column: number): boolean {
  if (extent === undefined) return false;
  const { start, end } = extent;
  const isBehindStart = line > start.line || (line === start.line && column >= start.column);
  return isBehindStart && (line < end.line || (line === end.line && column < end.column));
}
