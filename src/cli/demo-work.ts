/** The demo's work, done in child processes: a file is read, parsed if JavaScript, compressed, hashed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { parse, type Options, type Program } from 'acorn';
import { languageOf } from './demo-languages.ts';

/** How often each kind of syntax occurs in a file. */
interface SyntaxCounts {
  readonly functions: number;
  readonly classes: number;
  /** `import` statements, `import()` and `require()`. */
  readonly imports: number;
  readonly strings: number;
  readonly nodes: number;
}

/** What is found out about one file. */
export interface FileResult {
  readonly path: string;
  readonly language: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  readonly sha256: string;
  /** `'not parsed'`: no JavaScript; `'broken'`: it should be, but does not parse. */
  readonly syntax: 'module' | 'script' | 'broken' | 'not parsed';
  readonly counts: SyntaxCounts;
}

const nothing: SyntaxCounts = { functions: 0, classes: 0, imports: 0, strings: 0, nodes: 0 };

/** Finds out everything about one file. */
export function analyzeFile(path: string): FileResult {
  const content = readFileSync(path);
  const language = languageOf(path) ?? 'other';
  const program = language === 'JavaScript' ? parseJavaScript(content.toString('utf8')) : undefined;
  return {
    path,
    language,
    bytes: content.length,
    compressedBytes: compress(content).length,
    sha256: createHash('sha256').update(content).digest('hex'),
    syntax: program?.syntax ?? 'not parsed',
    counts: program?.tree === undefined ? nothing : countSyntax(program.tree),
  };
}

/** The best quality needs a second per megabyte, too long for large files while workers live only seconds. */
function compress(content: Buffer): Buffer {
  const quality = content.length <= 131_072 ? 11 : content.length <= 524_288 ? 10 : 9;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params });
}

interface Parsed {
  readonly syntax: 'module' | 'script' | 'broken';
  readonly tree?: Program;
}

function parseJavaScript(text: string): Parsed {
  for (const syntax of ['module', 'script'] as const) {
    const tree = tryToParse(text, {
      ecmaVersion: 'latest',
      sourceType: syntax,
      allowReturnOutsideFunction: true,
    });
    if (tree !== undefined) return { syntax, tree };
  }
  return { syntax: 'broken' };
}

function tryToParse(text: string, options: Options): Program | undefined {
  try {
    return parse(text, options);
  } catch {
    return undefined;
  }
}

/** Walks with a list instead of calling itself: minified programs nest deeper than the stack. */
function countSyntax(tree: Program): SyntaxCounts {
  const counts = { ...nothing };
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (isSyntaxNode(item)) countNode(item, counts);
    else if (!Array.isArray(item)) continue;
    // Not push(...values): a list in a generated file can hold more items than a call takes arguments.
    for (const value of Object.values(item)) if (typeof value === 'object') waiting.push(value);
  }
  return counts;
}

type SyntaxNode = Readonly<Record<string, unknown>> & { readonly type: string };
type Counting = { -readonly [Kind in keyof SyntaxCounts]: number };

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function countNode(node: SyntaxNode, counts: Counting): void {
  counts.nodes += 1;
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      counts.functions += 1;
      break;
    case 'ClassDeclaration':
    case 'ClassExpression':
      counts.classes += 1;
      break;
    case 'ImportDeclaration':
    case 'ImportExpression':
      counts.imports += 1;
      break;
    case 'CallExpression':
      if (isSyntaxNode(node['callee']) && node['callee']['name'] === 'require') counts.imports += 1;
      break;
    case 'Literal':
      if (typeof node['value'] === 'string') counts.strings += 1;
      break;
    default:
  }
}
