/**
 * Knows the file the program was started with. Children never import it, because that would run the program
 * again; they learn it from an environment variable their parent sets.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

/** The environment variable that tells a child which module is the program's main script. */
export const mainScriptVariable = 'TROUPE_MAIN_SCRIPT';

const startedWith = process.argv[1];
const inherited = inheritedMainScript();
// An unrelated program started by a task must not take this program's main script for its own.
delete process.env[mainScriptVariable];

/** The first copy of troupe in this process takes the variable away, and tells the others. */
function inheritedMainScript(): string | undefined {
  const key = Symbol.for('troupe.mainScript');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- ours alone, by its symbol
  const holder = globalThis as { [key]?: { readonly url: string | undefined } };
  return (holder[key] ??= { url: process.env[mainScriptVariable] }).url;
}

let found: { readonly url: string | undefined } | undefined;

/** The URL of the program's main script; in a child, that of the program that started it. */
export function mainScriptUrl(): string | undefined {
  // A parent without a main script (-e, standard input) says so by an empty value.
  found ??= { url: inherited ?? ownMainScriptUrl() };
  return found.url === '' ? undefined : found.url;
}

/** True for the main script's URL, whatever its query. */
export function isMainScript(url: string): boolean {
  return mainScriptUrl() === withoutQuery(url);
}

/** A module URL without `?query` and `#fragment`. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/su, '');
}

function ownMainScriptUrl(): string | undefined {
  // With -e or -p, the first argument is the program's own and may well name a file.
  const hasEvaluatedText = process.execArgv.some((argument) =>
    /^(?:-e|-p|-pe|--eval|--print)(?:=|$)/u.test(argument),
  );
  if (startedWith === undefined || startedWith === '-' || hasEvaluatedText) return undefined;
  const file = path.resolve(startedWith);
  try {
    // `node app` may mean app.js or app/index.js, and a command is usually a link to its file.
    return pathToFileURL(fs.realpathSync(createRequire(file).resolve(file))).href;
  } catch {
    return fs.existsSync(file) ? pathToFileURL(fs.realpathSync(file)).href : undefined;
  }
}
