/**
 * Tells a function declaration from a named function expression, which have the same text. By its name the
 * first means the variable around it, which may hold something else by now; the second means itself.
 */
import type { FunctionSource } from '../source/function-source.ts';
import { childrenOf, type ParsedFunction, parseFunction } from '../source/parse.ts';
import { SourceError } from '../source/source-error.ts';
import { scriptSource } from '../v8/scripts.ts';

type SyntaxNode = ReturnType<typeof childrenOf>[number];

const declarations = new WeakMap<object, boolean>();

/** Where V8 says a function is. */
interface Location {
  readonly scriptId: string | null;
  readonly line: number;
  readonly column: number;
}

/** Whether the function is declared; where that cannot be seen, it is taken to be. */
export function isDeclaration(fn: object, { text, locatedAt }: FunctionSource, at: Location): boolean {
  const known = declarations.get(fn);
  if (known !== undefined) return known;
  if (at.scriptId === null) return true;
  const script = scriptSource(at.scriptId);
  const start = offsetOf(script, at.line, at.column) - locatedAt;
  const isDeclared = typeAt(script, start, start + text.length) !== 'FunctionExpression';
  declarations.set(fn, isDeclared);
  return isDeclared;
}

function offsetOf(script: string, line: number, column: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) offset = script.indexOf('\n', offset) + 1;
  return offset + column;
}

/** What kind of function takes up that stretch of a script or module; undefined if none does. */
function typeAt(script: string, start: number, end: number): string | undefined {
  // In a function there may be anything: `return`, `await`, and acorn lets imports pass.
  const before = 'async () => {\n';
  const parsed = parsedOrNone(`${before}${script}\n}`);
  const offset = (parsed?.offset ?? 0) + before.length;
  let node: SyntaxNode | undefined = parsed?.node;
  while (node !== undefined) {
    const { type } = node;
    if (node.start === start + offset && node.end === end + offset && type.startsWith('Function'))
      return type;
    node = childrenOf(node).find((child) => child.start <= start + offset && child.end >= end + offset);
  }
  return undefined;
}

function parsedOrNone(text: string): ParsedFunction | undefined {
  try {
    return parseFunction(text);
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
