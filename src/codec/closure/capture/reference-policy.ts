/**
 * Which modules a child imports by themselves, so that what they export need not be sent: all but the main
 * script, which never runs in a child, and the files in which the functions to be run were written.
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainScript, withoutQuery } from '../../reference/main-script.ts';
import { isOwnScript } from './own-functions.ts';
import type { Capturing } from './capturing.ts';
import type { Entry } from './draft.ts';

/** Whether a child may import a file, given as a URL or a path. */
export function mayImport(file: string, { definingUrls }: Capturing): boolean {
  const url = withoutQuery(fileUrl(file));
  return !isMainScript(url) && !definingUrls.has(url);
}

/** Notes that a function to be run was written there. */
export function noteDefiningFile(file: string, { definingUrls }: Capturing): void {
  if (file !== '' && !isPackageFile(file) && !isOwnScript(file))
    definingUrls.add(withoutQuery(fileUrl(file)));
}

/** Whether a file belongs to a package and not to the program. */
function isPackageFile(file: string): boolean {
  return /[\\/]node_modules[\\/]/u.test(file);
}

/** CommonJS scripts go by their plain path. */
export function fileUrl(file: string): string {
  return path.isAbsolute(file) ? pathToFileURL(file).href : file;
}

/** Whether a value is imported from a package. */
export function isPackageReference({ draft }: Entry): boolean {
  if (draft?.k === 'commonjs') return isPackageFile(draft.file);
  return draft?.k === 'module' && isPackageModule(draft.specifier, draft.from);
}

/** Whether what `from` imports as `specifier` belongs to a package. */
export function isPackageModule(specifier: string, from: string | null): boolean {
  const isBare = !/^(?:\.{0,2}\/|file:|#)/u.test(specifier);
  return isBare || isPackageFile(specifier) || (from !== null && isPackageFile(from));
}
