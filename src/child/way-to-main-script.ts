/**
 * Finds out, by reading files alone, whether a module would import the program's main script. For versions of
 * Node that give no means to refuse the import when it happens.
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainScript } from '../codec/reference/main-script.ts';

// Statements only: what is imported later, by `import()`, is imported by the user's own running code.
const statement =
  /^[ \t]*(?:import|export)\b(?![ \t]*\()[^'"`;=]*?(['"])(?<specifier>\.{1,2}\/[^'"\n]+)\1/gmu;
const blockComment = /\/\*[\s\S]*?\*\//gu;

const seen = new Map<string, readonly string[] | undefined>();

/**
 * The files from the module to the main script, each importing the next; undefined if none does. Only
 * relative imports are followed, and every file is read once.
 */
export function wayToMainScript(url: string): readonly string[] | undefined {
  const known = seen.get(url);
  if (known !== undefined || seen.has(url)) return known;
  const cameFrom = new Map<string, string | null>([[url, null]]);
  for (const file of cameFrom.keys()) {
    if (isMainScript(file)) return remember(url, wayTo(file, cameFrom));
    for (const imported of importsOf(file)) if (!cameFrom.has(imported)) cameFrom.set(imported, file);
  }
  return remember(url, undefined);
}

function remember(url: string, way: readonly string[] | undefined): readonly string[] | undefined {
  seen.set(url, way);
  return way;
}

function wayTo(last: string, cameFrom: ReadonlyMap<string, string | null>): string[] {
  const way: string[] = [];
  for (let file: string | null | undefined = last; typeof file === 'string'; file = cameFrom.get(file))
    way.unshift(fileURLToPath(file));
  return way;
}

function importsOf(url: string): string[] {
  const text = textOf(url);
  if (text === undefined) return [];
  return [...text.replace(blockComment, '').matchAll(statement)].flatMap(({ groups }) => {
    const found = existing(new URL(groups?.['specifier'] ?? '', url));
    return found === undefined ? [] : [found];
  });
}

function textOf(url: string): string | undefined {
  try {
    return fs.readFileSync(fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
}

/** TypeScript says './name.js', or './name', and means name.ts. */
function existing({ href }: URL): string | undefined {
  const asTypeScript = href.replace(/\.([cm]?)js$/u, '.$1ts');
  return [href, asTypeScript, `${href}.ts`, `${href}.js`].find((candidate) => isFile(candidate));
}

function isFile(url: string): boolean {
  return fs.statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile() === true;
}
