/**
 * Parses the text of one function as `Function.prototype.toString` gives it, which may be an expression, a
 * member of an object, or a private member of a class; and the text of a whole module.
 */
import type { ArrowFunctionExpression, ClassExpression, FunctionExpression, Program } from 'acorn';
import type { AnyNode, MethodDefinition, Options, Property } from 'acorn';
import { createRequire } from 'node:module';
import { SourceError } from './source-error.ts';

/** A parsed function; what is before its own text in the parsed text has the length `offset`. */
export interface ParsedFunction {
  readonly node: ArrowFunctionExpression | FunctionExpression | ClassExpression;
  /** What gives a method, getter or setter its key. */
  readonly member: Property | MethodDefinition | null;
  readonly offset: number;
}

type Wrapping = readonly [before: string, after: string];

// Loaded when the first function is parsed: most programs send only functions that can be imported.
const load: (name: 'acorn') => typeof import('acorn') = createRequire(import.meta.url);

// Functions may be strict or not, and are parsed as if not: what only that allows does no harm elsewhere.
const options: Options = {
  ecmaVersion: 'latest',
  sourceType: 'script',
  allowSuperOutsideMethod: true,
  // `import.meta`
  allowImportExportEverywhere: true,
  checkPrivateFields: false,
};

// A text may end with a comment, hence the line breaks.
const forms: readonly Wrapping[] = [
  ['(', '\n)'],
  ['({', '\n})'],
  ['(class {', '\n})'],
];

/**
 * What else may have to be around it: for an arrow's `new.target` and `super()`, and for `await` in a key.
 */
const surroundings: readonly Wrapping[] = [
  ['', ''],
  ['(function () {', '})'],
  ['(class extends null { constructor() {', '} })'],
  ['(async function* () {', '})'],
];

/** Parses the text of a function. Throws `SourceError`. */
export function parseFunction(text: string): ParsedFunction {
  if (/\{\s*\[native code\]\s*\}$/u.test(text)) throw new SourceError('native', 'it has no JavaScript text');
  let failure: unknown;
  for (const [opening, closing] of surroundings)
    for (const [before, after] of forms)
      try {
        const start = opening.length + before.length;
        const program = load('acorn').parse(opening + before + text + after + closing, options);
        const found = functionAt(program, start, start + text.length);
        if (found !== null) return found;
      } catch (error) {
        failure ??= error;
      }
  throw new SourceError('syntax', failure instanceof Error ? failure.message : 'it is not one function');
}

/** The syntax tree of an ES module. Throws a SyntaxError. */
export function parseModule(text: string): Program {
  return load('acorn').parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    checkPrivateFields: false,
  });
}

/** The function that takes up all of that stretch, to be found by following the node that contains it. */
function functionAt(program: Program, start: number, end: number): ParsedFunction | null {
  let node: AnyNode | undefined = program;
  while (node !== undefined) {
    if (node.start === start && node.end === end) return functionIn(node, start);
    node = childrenOf(node).find((child) => child.start <= start && child.end >= end);
  }
  return null;
}

function functionIn(node: AnyNode, offset: number): ParsedFunction | null {
  switch (node.type) {
    case 'ArrowFunctionExpression':
    case 'ClassExpression':
      return { node, member: null, offset };
    case 'FunctionExpression':
      return { node, member: null, offset };
    case 'Property':
      if (node.value.type !== 'FunctionExpression' || (node.kind === 'init' && !node.method)) return null;
      return { node: node.value, member: node, offset };
    case 'MethodDefinition':
      return { node: node.value, member: node, offset };
    default:
      return null;
  }
}

/** The nodes directly below one, in no particular order. */
export function childrenOf(node: AnyNode): AnyNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
