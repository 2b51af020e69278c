/** The `import.meta` of a file, for text of it that is compiled somewhere else. */
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const metas = new Map<string, object>();

/** The URL of a script, which may go by a plain path; empty stays empty. */
export function urlOf(script: string): string {
  return path.isAbsolute(script) ? pathToFileURL(script).href : script;
}

/** The same object for all text of one file, as in the file itself. */
export function importMetaOf(script: string): object {
  const url = urlOf(script);
  const known = metas.get(url);
  if (known !== undefined) return known;
  const meta = makeMeta(url);
  metas.set(url, meta);
  return meta;
}

function makeMeta(url: string): object {
  const place = url.startsWith('file:') ? placeOf(url) : {};
  // In a worker no file is the main one.
  return Object.assign(Object.create(null), place, { url, main: false, resolve: resolverAt(url) });
}

function placeOf(url: string): { dirname: string; filename: string } {
  const filename = fileURLToPath(url);
  return { dirname: path.dirname(filename), filename };
}

function resolverAt(url: string): (specifier: string) => string {
  return (specifier) => {
    if (/^(?:\.{0,2}\/|file:)/u.test(specifier)) return new URL(specifier, url).href;
    if (URL.canParse(specifier)) return new URL(specifier).href;
    if (isBuiltin(specifier)) return `node:${specifier}`;
    return pathToFileURL(createRequire(url).resolve(specifier)).href;
  };
}
