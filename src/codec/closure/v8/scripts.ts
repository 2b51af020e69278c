/**
 * Where scripts came from and what their text is, by V8's number for them. A number is never given twice,
 * so what was found stays true; a program that makes new text for ever must not keep all of it. The ways that
 * cost little come first.
 */
import fs from 'node:fs';
import type { Debugger, Profiler } from 'node:inspector';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import util from 'node:util';
import { constantNames } from '../source/constant-names.ts';
import { moduleImports, type ImportBinding } from '../source/module-imports.ts';
import { RecentMap } from '../source/recent-map.ts';
import { listFrom, propertyOf } from './live-values.ts';
import { answer, connectedSession, withDebugger } from './session.ts';

export type { ImportBinding } from '../source/module-imports.ts';

/** A piece of a script: what stands where. Counts from 0. */
interface Excerpt {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const callSitesToLookAt = 30;

let mainScriptId = -1;

/** More than the scripts of large programs, whose number the profiler tells at once. */
const urlsMax = 50_000;
const textsMax = 500;

const urls = new RecentMap<string, string>(urlsMax);
const excerpts = new RecentMap<string, Excerpt>(textsMax);
const sources = new RecentMap<string, string>(textsMax);
const imports = new RecentMap<string, ReadonlyMap<string, ImportBinding>>(textsMax);
const constants = new RecentMap<string, ReadonlySet<string>>(textsMax);

/** Notes a function of a script, by which the script's text will be known again. */
export function noteFunction(scriptId: string, fn: object, line: number, column: number): void {
  if (excerpts.get(scriptId) !== undefined) return;
  excerpts.set(scriptId, { text: Function.prototype.toString.call(fn), line, column });
}

/**
 * What V8 calls a script: the URL of a module, mostly the plain path of a CommonJS file, `node:…` for
 * Node's own, '' for text without a name. Throws `InspectorUnavailable`.
 */
export function scriptUrl(scriptId: string): string {
  for (const noteUrls of [noteCallers, noteExecuted, noteParsed]) {
    const known = urls.get(scriptId) ?? bootstrapUrl(scriptId);
    if (known !== undefined) return known;
    noteUrls();
  }
  const url = urls.get(scriptId) ?? '';
  urls.set(scriptId, url);
  return url;
}

/** What V8 compiled before Node's main script is Node's own; the profiler does not list all of it. */
function bootstrapUrl(scriptId: string): string | undefined {
  return Number(scriptId) <= mainScriptId ? 'node:internal' : undefined;
}

/** The text V8 compiled. Throws `InspectorUnavailable`. */
export function scriptSource(scriptId: string): string {
  const known = sources.get(scriptId);
  if (known !== undefined) return known;
  const source = sourceOnDisk(scriptId) ?? sourceInV8(scriptId);
  sources.set(scriptId, source);
  return source;
}

/**
 * The imports of a module by the local names they have in it; none for what is no ES module. Throws
 * `InspectorUnavailable`.
 */
export function importsOf(scriptId: string): ReadonlyMap<string, ImportBinding> {
  const known = imports.get(scriptId);
  if (known !== undefined) return known;
  const found = moduleImports(scriptSource(scriptId));
  imports.set(scriptId, found);
  return found;
}

/**
 * The names that stand for something constant wherever a script uses them; none for what is not plain
 * JavaScript. Throws `InspectorUnavailable`.
 */
export function constantsOf(scriptId: string): ReadonlySet<string> {
  const known = constants.get(scriptId);
  if (known !== undefined) return known;
  const found = constantNames(scriptSource(scriptId));
  constants.set(scriptId, found);
  return found;
}

/** Who submits a function has mostly written it, too. Node 20 does not tell the scripts of callers. */
function noteCallers(): void {
  const getCallSites: unknown = Reflect.get(util, 'getCallSites');
  if (typeof getCallSites !== 'function') return;
  const callSites: unknown = Reflect.apply(getCallSites, util, [callSitesToLookAt, { sourceMap: false }]);
  for (const callSite of listFrom(callSites)) {
    const scriptId = propertyOf(callSite, 'scriptId');
    const scriptName = propertyOf(callSite, 'scriptName');
    if (typeof scriptId === 'string' && typeof scriptName === 'string' && scriptName !== '')
      urls.set(scriptId, scriptName);
  }
}

/** The profiler lists the scripts whose functions have run, without being started. */
function noteExecuted(): void {
  const session = connectedSession();
  const { result } = answer<Profiler.GetBestEffortCoverageReturnType>((reply) => {
    session.post('Profiler.getBestEffortCoverage', reply);
  });
  for (const { scriptId, url } of result) {
    urls.set(scriptId, url);
    if (url.startsWith('node:internal/main/')) mainScriptId = Number(scriptId);
  }
}

/** The debugger lists all scripts when it is enabled. */
function noteParsed(): void {
  withScripts(() => undefined);
}

function sourceInV8(scriptId: string): string {
  return withScripts(
    (session) =>
      answer<Debugger.GetScriptSourceReturnType>((reply) => {
        session.post('Debugger.getScriptSource', { scriptId }, reply);
      }).scriptSource,
  );
}

function withScripts<Result>(work: Parameters<typeof withDebugger<Result>>[0]): Result {
  const session = connectedSession();
  session.on('Debugger.scriptParsed', noteScript);
  try {
    return withDebugger(work);
  } finally {
    session.off('Debugger.scriptParsed', noteScript);
  }
}

function noteScript({ params }: { readonly params: Debugger.ScriptParsedEventDataType }): void {
  urls.set(params.scriptId, params.url);
}

/**
 * The text of a module's file, if that is what V8 compiled: loaders and test tools change it on the way.
 * Enabling the debugger to ask V8 costs some milliseconds, tens of them the first time.
 */
function sourceOnDisk(scriptId: string): string | undefined {
  const url = scriptUrl(scriptId);
  const excerpt = excerpts.get(scriptId);
  if (excerpt === undefined || !/^file:[^?#]*\.m?js$/u.test(url)) return undefined;
  try {
    const file = fileURLToPath(url);
    if (fs.statSync(file).mtimeMs > performance.timeOrigin) return undefined;
    const text = fs.readFileSync(file, 'utf8').replace(/^\uFEFF/u, '');
    return hasExcerpt(text, excerpt) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** V8 counts a function from its parameters, some way into its text. */
function hasExcerpt(source: string, { text, line, column }: Excerpt): boolean {
  const lineStart = offsetOfLine(source, line);
  if (lineStart === undefined) return false;
  const offset = lineStart + column;
  const start = source.lastIndexOf(text, offset);
  return start !== -1 && offset < start + text.length;
}

function offsetOfLine(source: string, line: number): number | undefined {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) {
    offset = source.indexOf('\n', offset) + 1;
    if (offset === 0) return undefined;
  }
  return offset;
}
