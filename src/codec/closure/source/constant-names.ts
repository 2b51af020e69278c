/**
 * Reads from the text of a script which names can only stand for what never changes once it is there:
 * constants, and functions and classes that nothing assigns. Scopes are not told apart: a name counts only
 * if that holds for all variables of that name.
 */
import type { AnyNode, ArrowFunctionExpression, FunctionDeclaration, FunctionExpression } from 'acorn';
import type { AnonymousFunctionDeclaration, Pattern } from 'acorn';
import { childrenOf, parseFunction } from './parse.ts';
import { patternNames } from './patterns.ts';

/** Parsing more than this takes longer than it saves. */
const textLengthMax = 512 * 1024;

/** Such names of a script or module in plain JavaScript. */
export function constantNames(text: string): ReadonlySet<string> {
  if (text.length > textLengthMax) return new Set();
  const names = new Names();
  try {
    // In a function there may be anything: `return`, `await`, and acorn lets imports pass.
    const { node } = parseFunction(`async () => {\n${text.replace(/^#!.*/u, '')}\n}`);
    const left: AnyNode[] = [node];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      names.note(next);
      // A list may be too long to be spread.
      for (const child of childrenOf(next)) left.push(child);
    }
  } catch {
    return new Set();
  }
  return names.constants();
}

type AnyFunction =
  | ArrowFunctionExpression
  | FunctionDeclaration
  | AnonymousFunctionDeclaration
  | FunctionExpression;

class Names {
  readonly #constant = new Set<string>();
  readonly #changing = new Set<string>();
  /** Declarations that are there from the start: not in a block, where sloppy ones change variables. */
  readonly #hoisted = new Set<AnyNode>();
  #isOpen = false;

  constants(): ReadonlySet<string> {
    if (this.#isOpen) return new Set();
    return new Set([...this.#constant].filter((name) => !this.#changing.has(name)));
  }

  note(node: AnyNode): void {
    switch (node.type) {
      case 'VariableDeclaration': {
        const kind = node.kind === 'var' || node.kind === 'let' ? this.#changing : this.#constant;
        for (const { id } of node.declarations) addTo(kind, [id]);
        return;
      }
      case 'ClassDeclaration':
        this.#constant.add(node.id?.name ?? '');
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#noteFunction(node);
        return;
      case 'CatchClause':
        addTo(this.#changing, [node.param ?? null]);
        return;
      case 'ImportDeclaration':
        for (const { local } of node.specifiers) this.#changing.add(local.name);
        return;
      default:
        this.#noteChange(node);
    }
  }

  #noteFunction(node: AnyFunction): void {
    addTo(this.#changing, node.params);
    if (node.type === 'FunctionDeclaration' && node.id)
      (this.#hoisted.has(node) ? this.#constant : this.#changing).add(node.id.name);
    if (node.body.type !== 'BlockStatement') return;
    // The text of a module was put into a function.
    const statements: readonly AnyNode[] = node.body.body;
    for (const statement of statements) {
      const isExport =
        statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
      this.#hoisted.add(isExport ? (statement.declaration ?? statement) : statement);
    }
  }

  #noteChange(node: AnyNode): void {
    switch (node.type) {
      case 'AssignmentExpression':
        addTo(this.#changing, [node.left]);
        return;
      case 'UpdateExpression':
        if (node.argument.type === 'Identifier') this.#changing.add(node.argument.name);
        return;
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.left.type !== 'VariableDeclaration') addTo(this.#changing, [node.left]);
        return;
      case 'CallExpression':
        if (node.callee.type === 'Identifier' && node.callee.name === 'eval') this.#isOpen = true;
        return;
      case 'WithStatement':
        this.#isOpen = true;
        return;
      default:
    }
  }
}

function addTo(names: Set<string>, patterns: readonly (Pattern | null)[]): void {
  for (const pattern of patterns)
    for (const name of pattern === null ? [] : patternNames(pattern)) names.add(name);
}
