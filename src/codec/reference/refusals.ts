/**
 * The errors for functions a child cannot import: each says what the function is, why it cannot travel,
 * and what to write instead.
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NotSerializableError } from '../../errors.ts';
import type { FunctionOrigin } from './function-inspector.ts';

type AnyFunction = (...args: never) => unknown;

// A data: URL holds the whole text.
const urlLimit = 100;

const notYet =
  'Closures and functions of the main script cannot be sent yet (closures travel in a later version).';

/** `value` is not a function at all. */
export function refuseValue(value: unknown): NotSerializableError {
  const kind = value === null ? 'null' : typeof value;
  return refusal(`A task needs a function to run, not a value of type ${kind}.`);
}

/** A class constructor, which cannot be called. */
export function refuseClass(fn: AnyFunction): NotSerializableError {
  return refusal(
    `${titled('The class', fn)} cannot be a task, because a class cannot be called. ` +
      'Export a function that creates and uses an instance, and submit that.',
  );
}

/** A Proxy, whose traps live in this process. */
export function refuseProxy(fn: AnyFunction): NotSerializableError {
  return refusal(`A Proxy of a function cannot be sent to another process. ${advice(fn)}`);
}

/** A function without JavaScript text that nothing well-known exports. */
export function refuseNative(fn: AnyFunction): NotSerializableError {
  if (fn.name.startsWith('bound '))
    return refusal(
      `\`${fn.name}\` was made with bind(), and the \`this\` and arguments it holds cannot be sent yet ` +
        `(closures travel in a later version). Pass them as arguments of the task. ${advice(fn)}`,
    );
  return refusal(
    `${titled('The native function', fn)} cannot be sent: it is neither a well-known global nor an export ` +
      'of a builtin module. Call it from a function of your own, exported by a file of its own.',
  );
}

/** A function of the file the program was started with. */
export function refuseMainScript(fn: AnyFunction, origin: FunctionOrigin): NotSerializableError {
  return refusal(
    `${titled('The function', fn)}${place(fn, origin)} belongs to the main script, ` +
      `and a child that imported the main script would run the program again. ${notYet} ${advice(fn)}`,
  );
}

/**
 * A function from `-e`, standard input, the interactive mode, `new Function`, `eval`, `node:vm` or Node
 * itself.
 */
export function refuseUnnamedSource(fn: AnyFunction, origin: FunctionOrigin): NotSerializableError {
  if (origin.url.startsWith('node:'))
    return refusal(
      `${titled('The function', fn)} was made by Node itself (in ${origin.url}), as promisify() makes one, ` +
        'and cannot be sent. Make it in a file of its own, and export it from there.',
    );
  const source =
    origin.url === '' ? 'text that was compiled at run time' : `\`${origin.url.slice(0, urlLimit)}\``;
  return refusal(
    `${titled('The function', fn)} was written in ${source}, which is not a file a child could import. ` +
      `${notYet} ${advice(fn)}`,
  );
}

/** A function its file does not export. */
export function refusePrivate(fn: AnyFunction, origin: FunctionOrigin): NotSerializableError {
  return refusal(
    `${titled('The function', fn)}${place(fn, origin)} is not an export of its file, ` +
      `so a child has no name to import it by. ${notYet} ${advice(fn)}`,
  );
}

/** Nothing can be learned about the function, because V8's inspector is not to be had. */
export function refuseUninspectable(fn: AnyFunction, cause: unknown): NotSerializableError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return refusal(
    `Where ${titled('the function', fn)} comes from cannot be found out, because node:inspector is not ` +
      `available in this process${why}. The permission model needs --allow-inspector, and some builds of ` +
      "Node lack it. Without it, use pool.module(new URL('./jobs.js', import.meta.url)), which names " +
      'the module.',
    cause,
  );
}

function refusal(message: string, cause?: unknown): NotSerializableError {
  return new NotSerializableError('function', message, cause === undefined ? {} : { cause });
}

function titled(title: string, fn: AnyFunction): string {
  return fn.name === '' ? title.replace(/function$/u, 'unnamed function') : `${title} \`${fn.name}\``;
}

function advice(fn: AnyFunction): string {
  const name =
    /^[\w$]+$/u.test(fn.name) && !/^(?:default|anonymous)$/u.test(fn.name) ? `\`${fn.name}\`` : 'it';
  return (
    `Move ${name} to its own file, export it, and import it here; ` +
    "or use pool.module(new URL('./jobs.js', import.meta.url))."
  );
}

/**
 * ` (/app/jobs.js:12)`; the line only where the text on disk has the function there, not after a transform.
 */
function place(fn: AnyFunction, { url, line }: FunctionOrigin): string {
  try {
    const file = fileURLToPath(url);
    const [begin = ''] = String(fn).split('\n', 1);
    const isThere = fs.readFileSync(file, 'utf8').split('\n')[line]?.includes(begin.trim()) === true;
    return isThere ? ` (${file}:${line + 1})` : ` (${file})`;
  } catch {
    return ` (${url})`;
  }
}
