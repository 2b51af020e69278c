/** Reads from the text of an ES module what each of its imports is called there, and where it comes from. */
import type { ImportDeclaration, Program } from 'acorn';
import { parseModule } from './parse.ts';

/** What a local name of a module stands for; `name` is `*` for a namespace. */
export interface ImportBinding {
  readonly specifier: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>> | null;
}

/** The imports of a module, by their local names; none if the text is not a module in plain JavaScript. */
export function moduleImports(text: string): ReadonlyMap<string, ImportBinding> {
  let program: Program;
  try {
    program = parseModule(text);
  } catch {
    return new Map();
  }
  return new Map(
    program.body.flatMap((statement) =>
      statement.type === 'ImportDeclaration' ? bindingsOf(statement) : [],
    ),
  );
}

function bindingsOf({ specifiers, source, attributes }: ImportDeclaration): [string, ImportBinding][] {
  const given = attributes.map(({ key, value }): [string, string] => [nameOf(key), String(value.value)]);
  return specifiers.map((imported) => [
    imported.local.name,
    {
      specifier: String(source.value),
      name: importedName(imported),
      attributes: given.length === 0 ? null : Object.fromEntries<string>(given),
    },
  ]);
}

function importedName(imported: ImportDeclaration['specifiers'][number]): string {
  if (imported.type === 'ImportNamespaceSpecifier') return '*';
  return imported.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(imported.imported);
}

/** `import { 'a b' as c }` has a literal for a name. */
function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return node.name ?? String(node.value);
}
