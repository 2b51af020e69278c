/**
 * Imports a module by Node's own means and, where those cannot read its TypeScript, by the copy of tsx that
 * is installed beside the module: this is how a program run by a test tool has its TypeScript tasks run too.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { NotSerializableError } from '../errors.ts';

const unreadable: ReadonlySet<unknown> = new Set([
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_NO_TYPESCRIPT',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
]);

// TypeScript files may import './name.js' or './name' and mean name.ts, which only a loader understands.
const unresolved: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT']);

/** The namespace of the module at `url`. */
export async function importWithTypeScript(url: string): Promise<object> {
  try {
    return await importNamespace(url);
  } catch (error) {
    if (!mayNeedTsx(url, error)) throw error;
    const tsx = findTsx(url);
    if (tsx === undefined) throw isUnreadable(error) ? unreadableTypeScript(url, error) : error;
    await importNamespace(tsx);
    // Node remembers that it could not load this URL.
    return importNamespace(`${url}?tsx`);
  }
}

async function importNamespace(url: string): Promise<object> {
  const namespace: unknown = await import(url);
  return Object(namespace);
}

/** Whether tsx may read what Node could not. */
export function mayNeedTsx(url: string, error: unknown): boolean {
  if (!url.startsWith('file:') || process.execArgv.some((argument) => /\btsx\b/u.test(argument)))
    return false;
  if (isUnreadable(error)) return true;
  const isTypeScript = /\.[cm]?tsx?$/u.test(url);
  return isTypeScript && (unresolved.has(codeOf(error)) || error instanceof SyntaxError);
}

function isUnreadable(error: unknown): boolean {
  return (
    unreadable.has(codeOf(error)) && error instanceof Error && /\.[cm]?tsx?\b|TypeScript/u.test(error.message)
  );
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function findTsx(url: string): string | undefined {
  try {
    return pathToFileURL(createRequire(url).resolve('tsx')).href;
  } catch {
    return undefined;
  }
}

function unreadableTypeScript(url: string, cause: unknown): NotSerializableError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new NotSerializableError(
    'function',
    `Node ${process.version} cannot load the TypeScript of ${url} in a worker: ${detail}. ` +
      'Use Node 22.18 or later with erasable syntax only, install tsx, or compile the file to JavaScript.',
    { cause },
  );
}
