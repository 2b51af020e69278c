/**
 * Reads from a module's text which local variable each of its exports names. JavaScript is parsed; text that
 * cannot be (TypeScript, in the main) is searched for export statements at the start of a line.
 */
import type { Node, Pattern, Program } from 'acorn';
import { createRequire } from 'node:module';

/** One export: its name, and the local variable it names or, for an unnamed default, where that begins. */
export interface ModuleExport {
  readonly name: string;
  readonly local: string | undefined;
  readonly unnamedAt: Extent | undefined;
}

/** From the start of a function to that of its body, in lines and columns that count from 0. */
export interface Extent {
  readonly start: Position;
  readonly end: Position;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

// Loaded when the first module is parsed: most programs that only start children never get there.
const load: (name: 'acorn') => typeof import('acorn') = createRequire(import.meta.url);

const parsed = new Map<string, readonly ModuleExport[]>();

/** The exports of a module in plain JavaScript; none if the text is not that. A text is parsed once. */
export function parseExports(source: string): readonly ModuleExport[] {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const exports = readExports(source);
  parsed.set(source, exports);
  return exports;
}

function readExports(source: string): readonly ModuleExport[] {
  let program: Program;
  try {
    program = load('acorn').parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  } catch {
    return [];
  }
  const exports: ModuleExport[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') exports.push(defaultExport(statement.declaration));
    if (statement.type !== 'ExportNamedDeclaration' || (statement.source ?? null) !== null) continue;
    for (const { local, exported } of statement.specifiers)
      exports.push(named(nameOf(exported), nameOf(local)));
    const { declaration } = statement;
    if (declaration?.type === 'VariableDeclaration')
      exports.push(
        ...declaration.declarations.flatMap(({ id }) => patternNames(id).map((name) => named(name))),
      );
    else if (declaration != null) exports.push(named(declaration.id.name));
  }
  return exports;
}

/** The exports a text seems to have, by its lines that begin with `export`. */
export function searchExports(source: string): ModuleExport[] {
  const exports: ModuleExport[] = [];
  for (const [, name] of source.matchAll(
    /^[ \t]*export\s+(?:(?:async\s+)?function\s*\*?|const|let|var)\s*([\w$]+)/gmu,
  ))
    exports.push(named(name ?? ''));
  for (const [, list] of source.matchAll(/^[ \t]*export\s*\{([^}]*)\}(?!\s*from\b)/gmu))
    for (const [, local, name] of (list ?? '').matchAll(/([\w$]+)(?:\s+as\s+([\w$]+))?/gu))
      exports.push(named(name ?? local ?? '', local));
  if (/^[ \t]*export\s+default\b/mu.test(source)) {
    // `export default wrap(fn)` names neither of the two, hence the end of the line after a lone name.
    const [, declared, alone] =
      /^[ \t]*export\s+default\s+(?:(?:async\s+)?function\s*\*?\s*([\w$]+)|([\w$]+)\s*;?\s*$)/mu.exec(
        source,
      ) ?? [];
    exports.push({ name: 'default', local: declared ?? alone, unnamedAt: undefined });
  }
  return exports;
}

function named(name: string, local: string = name): ModuleExport {
  return { name, local, unnamedAt: undefined };
}

function defaultExport(
  declaration: Node & { id?: { name: string } | null; body?: Node; name?: string },
): ModuleExport {
  const local = declaration.type === 'Identifier' ? declaration.name : declaration.id?.name;
  const start = declaration.loc?.start;
  const end = declaration.body?.loc?.start;
  if (local !== undefined || start === undefined || end === undefined)
    return { name: 'default', local, unnamedAt: undefined };
  return { name: 'default', local: undefined, unnamedAt: { start: fromZero(start), end: fromZero(end) } };
}

function fromZero({ line, column }: Position): Position {
  return { line: line - 1, column };
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return node.name ?? String(node.value);
}

/** The variables a declaration makes: `a`, `b` and `c` of `const { a, b: [c, ...rest] = [] } = …`. */
function patternNames(pattern: Pattern): string[] {
  if (pattern.type === 'Identifier') return [pattern.name];
  if (pattern.type === 'RestElement') return patternNames(pattern.argument);
  if (pattern.type === 'AssignmentPattern') return patternNames(pattern.left);
  if (pattern.type === 'ArrayPattern')
    return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element)));
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((property) =>
    patternNames(property.type === 'RestElement' ? property.argument : property.value),
  );
}
