/** The file a user names as the worker: its address in the parent, and its exports in the child. */
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { importWithTypeScript } from '../child/typescript-import.ts';
import { InvalidOptionError } from '../errors.ts';

/** The address of a file given as an absolute path or a URL; anything else is an `InvalidOptionError`. */
export function workerFileUrl(file: unknown, option: string, where: string): string {
  const text = file instanceof URL ? file.href : file;
  if (typeof text === 'string' && text.startsWith('file:')) return text;
  if (typeof text === 'string' && isAbsolute(text)) return pathToFileURL(text).href;
  throw new InvalidOptionError(
    option,
    `${where}: \`${option}\` is ${typeof text === 'string' ? `'${text}'` : typeof text}, but it must be an ` +
      "absolute path or a file: URL, because a worker cannot know what it is relative to. Pass new URL('./" +
      "worker.js', import.meta.url), or require.resolve('./worker') in CommonJS.",
  );
}

/** What `require()` of the file gives: the exports of a CommonJS module, or an ES module's namespace. */
export async function exportsOf(url: string): Promise<object> {
  const namespace = await importWithTypeScript(url);
  return commonJsExports(url, namespace) ?? namespace;
}

function commonJsExports(url: string, namespace: object): object | undefined {
  // Newer versions of Node say so; older ones only keep the module where `require` keeps it.
  const named: unknown = Reflect.get(namespace, 'module.exports');
  if (named !== undefined) return Object(named);
  const path = realpathSync(fileURLToPath(url));
  const cached = createRequire(url).cache[path];
  return cached === undefined ? undefined : Object(cached.exports);
}

/** The names of the functions a module exports. */
export function functionNames(exports: object): string[] {
  return Object.keys(exports).filter((name) => typeof Reflect.get(exports, name) === 'function');
}

/** The same as a sentence, for messages. */
export function whatItExports(exports: object): string {
  const names = functionNames(exports);
  return names.length === 0 ? 'It exports no functions.' : `It exports ${names.join(', ')}.`;
}

/** Where a file of this folder is that the child loads: `.ts` when run from source, `.js` when built. */
export function childFileUrl(name: string): URL {
  return new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);
}
