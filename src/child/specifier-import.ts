/**
 * Imports a module the way the file that a captured function was written in would: by the specifier it used
 * there. The main script is never imported, and TypeScript is read as for any other module.
 */
import fs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainScript } from '../codec/reference/main-script.ts';
import { importerAt } from '../codec/closure/rebuild/default-loader.ts';
import { urlOf } from '../codec/closure/rebuild/import-meta.ts';
import { NotSerializableError } from '../errors.ts';
import { withMissingGrant } from './access-denied.ts';
import { guardMainScript } from './main-script-guard.ts';
import { importWithTypeScript, mayNeedTsx } from './typescript-import.ts';

/** Rejects with what the module threw, or with a `NotSerializableError` for the main script. */
export async function importSpecifier(
  specifier: string,
  from: string | null,
  attributes?: Readonly<Record<string, string>>,
): Promise<object> {
  const url = urlIn(specifier, from);
  guardMainScript(url);
  if (url !== undefined && isMainScript(url)) throw refuseMainScript(specifier, from);
  try {
    return await importAllowed(specifier, from, url, attributes);
  } catch (error) {
    throw withMissingGrant(error);
  }
}

async function importAllowed(
  specifier: string,
  from: string | null,
  url: string | undefined,
  attributes: Readonly<Record<string, string>> | undefined,
): Promise<object> {
  const importer = importerAt(from ?? import.meta.url);
  if (attributes !== undefined) return Object(await importer(specifier, { with: attributes }));
  if (url !== undefined) return importWithTypeScript(url);
  try {
    return Object(await importer(specifier, undefined));
  } catch (error) {
    const resolved = resolveAsCommonJs(specifier, from);
    if (resolved === undefined || !mayNeedTsx(resolved, error)) throw error;
    return importWithTypeScript(resolved);
  }
}

/** The URL a specifier means, if that takes no search for a package. */
function urlIn(specifier: string, from: string | null): string | undefined {
  if (isBuiltin(specifier) || specifier.startsWith('#')) return undefined;
  const isRelative = /^\.{0,2}\//u.test(specifier);
  if (isRelative && from !== null) {
    const url = new URL(specifier, urlOf(from));
    return (specifier.startsWith('/') ? (belowRoot(url, urlOf(from)) ?? url) : url).href;
  }
  return URL.canParse(specifier) ? new URL(specifier).href : undefined;
}

/**
 * Vite writes the paths of imports as if the folder of its project were the root of the file system. It is
 * the nearest folder around the importing file that has such a path.
 */
function belowRoot(url: URL, from: string): URL | undefined {
  if (url.protocol !== 'file:' || !from.startsWith('file:') || fs.existsSync(url)) return undefined;
  let folder = new URL('.', from);
  for (;;) {
    const candidate = new URL(`.${url.pathname}${url.search}`, folder);
    if (fs.existsSync(candidate)) return candidate;
    const parent = new URL('..', folder);
    if (parent.href === folder.href) return undefined;
    folder = parent;
  }
}

/** A package that is part of the program may be TypeScript too, and then its file has to be known. */
function resolveAsCommonJs(specifier: string, from: string | null): string | undefined {
  try {
    return pathToFileURL(createRequire(from ?? import.meta.url).resolve(specifier)).href;
  } catch {
    return undefined;
  }
}

function refuseMainScript(specifier: string, from: string | null): NotSerializableError {
  return new NotSerializableError(
    'function',
    `${from ?? 'A function'} imports '${specifier}', the main script, which never runs in a worker ` +
      'because that would start the program again. Move what both need to a file of its own.',
  );
}
