/** The import rules of ARCHITECTURE.md as functions: each returns the places that break it. */
import path from 'node:path';
import { isNode, type ParsedFile, placeOf, type SyntaxNode } from './tidy-source.ts';

/** First column → the names in the second. */
export type Table = ReadonlyMap<string, readonly string[]>;

interface Import {
  readonly specifier: string;
  readonly node: SyntaxNode;
  /** Erased by the compiler. */
  readonly isType: boolean;
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

/** Reads the table between `<!-- name:start -->` and `<!-- name:end -->`. */
export function tableIn(page: string, name: string): Table {
  const [, content] = new RegExp(`<!-- ${name}:start -->([^]*?)<!-- ${name}:end -->`, 'u').exec(page) ?? [];
  if (content === undefined) throw new Error(`There is no table between the "${name}" markers.`);
  const rows = content
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line.split('|').map((cell) => [...cell.matchAll(/`([^`]+)`/gu)].map(([, word]) => word ?? '')),
    );
  return new Map(rows.map(([, first, second]) => [first?.[0] ?? '', second ?? []]));
}

/** Every import with a literal specifier, `import()` and `require('…')` included. */
function importsOf(file: ParsedFile): readonly Import[] {
  return file.nodes.flatMap((node) => {
    const source = importing.has(node.type) ? node['source'] : requiredBy(node);
    if (!isNode(source) || typeof source['value'] !== 'string') return [];
    return [{ specifier: source['value'], node, isType: isTypeOnly(node) }];
  });
}

/** Imports between folders that the table does not allow. A folder may always import itself. */
export function forbiddenFolders(files: readonly ParsedFile[], table: Table): readonly string[] {
  return files.flatMap((file) => {
    const from = [...table.keys()].find((place) => isIn(place, file.path));
    if (from === undefined) return [`${file.path}: the table has no row for it`];
    const allowed = [from, ...(table.get(from) ?? [])];
    return relativeImports(file)
      .filter(({ target }) => !allowed.some((place) => isIn(place, target)))
      .map(({ node, target }) => `${placeOf(file, node)} imports ${target}`);
  });
}

/** Imports of packages outside the files the table names, and of packages it does not know. */
export function forbiddenPackages(files: readonly ParsedFile[], table: Table): readonly string[] {
  return files.flatMap((file) =>
    importsOf(file)
      .filter(({ specifier }) => !specifier.startsWith('.'))
      .filter(({ specifier }) => !mayImport(file.path, packageOf(specifier), table))
      .map(({ node, specifier }) => `${placeOf(file, node)} imports ${specifier}`),
  );
}

/** `nanoid/non-secure` is of `nanoid`. */
function packageOf(specifier: string): string {
  return specifier.startsWith('node:') ? specifier : (/^(?:@[^/]+\/)?[^/]+/u.exec(specifier)?.[0] ?? '');
}

/** Circles of imports that exist at run time, each as the path that closes it. */
export function importCycles(files: readonly ParsedFile[]): readonly string[] {
  const targets = new Map(
    files.map((file) => [
      file.path,
      relativeImports(file)
        .filter(({ isType }) => !isType)
        .map(({ target }) => target),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): void => {
    if (above.includes(file)) cycles.push([...above.slice(above.indexOf(file)), file].join(' → '));
    else if (!done.has(file)) for (const target of targets.get(file) ?? []) visit(target, [...above, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return cycles;
}

/** Files that only pass on what other files export. */
export function barrels(files: readonly ParsedFile[]): readonly string[] {
  return files.filter(isBarrel).map((file) => file.path);
}

function isBarrel({ nodes }: ParsedFile): boolean {
  const body = nodes.find((node) => node.type === 'Program')?.['body'];
  const statements = Array.isArray(body) ? body.filter(isNode) : [];
  const passes = (node: SyntaxNode): boolean =>
    node.type === 'ExportAllDeclaration' ||
    (node.type === 'ExportNamedDeclaration' && isNode(node['source']));
  return (
    statements.some((node) => node.type === 'ExportAllDeclaration') ||
    (statements.some(passes) && statements.every((node) => passes(node) || node.type === 'ImportDeclaration'))
  );
}

function relativeImports(file: ParsedFile): readonly (Import & { readonly target: string })[] {
  return importsOf(file)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map((found) => ({ ...found, target: path.posix.join(path.posix.dirname(file.path), found.specifier) }));
}

/** True for the place itself, a file, and for what is in it, a folder. */
function isIn(place: string, file: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function mayImport(file: string, specifier: string, table: Table): boolean {
  const places = table.get(specifier);
  if (places !== undefined) return places.some((place) => isIn(place, file));
  return specifier.startsWith('node:') && file.startsWith('src/');
}

function requiredBy(node: SyntaxNode): unknown {
  if (node.type !== 'CallExpression' || !isNode(node['callee']) || node['callee']['name'] !== 'require')
    return undefined;
  return Array.isArray(node['arguments']) ? node['arguments'][0] : undefined;
}

/** `import { type A }` is not: it stays as `import {}` under verbatimModuleSyntax. */
function isTypeOnly(node: SyntaxNode): boolean {
  return node.type === 'TSImportType' || node['importKind'] === 'type' || node['exportKind'] === 'type';
}
