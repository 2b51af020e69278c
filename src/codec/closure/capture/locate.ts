/** Finds out where functions were written. V8 is asked only about those whose text leaves something open. */
import { analyze } from '../source/analyze.ts';
import type { FunctionSource } from '../source/function-source.ts';
import { SourceError } from '../source/source-error.ts';
import { type FunctionFacts, readFunctions } from '../v8/scope-reader.ts';
import { withoutMark } from '../source-positions.ts';
import { scriptUrl } from '../v8/scripts.ts';
import type { CodePlace } from './draft.ts';
import { lastingFacts, rememberLasting } from './lasting-facts.ts';
import { isOwnScript } from './own-functions.ts';
import { isStrictCode } from './strictness.ts';
import { withoutInspector } from './without-inspector.ts';

/** A function, its text, and what V8 knows of it. */
export interface Located {
  readonly fn: object;
  /** null: the text tells nothing, for the reason `failure`. */
  readonly source: FunctionSource | null;
  readonly failure: string | null;
  /** undefined: V8 was not asked, or does not answer. */
  readonly facts: FunctionFacts | undefined;
  readonly place: CodePlace;
}

interface Read {
  readonly fn: object;
  readonly source: FunctionSource | null;
  readonly failure: string | null;
}

const nowhere: CodePlace = { url: '', line: 0, column: 0, isStrict: false };
/**
 * Where a text without any variables was first seen; a function that is made anew for each call has the
 * same.
 */
const places = new WeakMap<FunctionSource, CodePlace>();

/** Each function with its text and its place. */
export function locate(functions: readonly object[]): Located[] {
  const reads = functions.map((fn) => read(fn));
  const asked = reads.filter((one) => knownPlace(one) === undefined).map(({ fn }) => fn);
  const facts = factsAbout(asked);
  return reads.map((one) => {
    const { fn, source, failure } = one;
    const known = facts.get(fn);
    const place = knownPlace(one) ?? placeOf(one, known);
    if (source !== null && known !== undefined) rememberLasting(fn, source, known, place.url);
    return { fn, source, failure, facts: known, place };
  });
}

function factsAbout(functions: readonly object[]): Map<object, FunctionFacts | undefined> {
  const facts = new Map(functions.map((fn) => [fn, lastingFacts(fn)]));
  const asked = functions.filter((fn) => facts.get(fn) === undefined);
  const answers = asked.length === 0 ? [] : withoutInspector(() => readFunctions(asked));
  for (const [index, fn] of asked.entries()) facts.set(fn, answers?.[index]);
  return facts;
}

function read(fn: object): Read {
  try {
    return { fn, source: analyze(Function.prototype.toString.call(fn)), failure: null };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { fn, source: null, failure: error.reason === 'native' ? 'native' : error.message };
  }
}

function knownPlace({ fn, source }: Read): CodePlace | undefined {
  const place = source !== null && isSelfContained(source) ? places.get(source) : undefined;
  if (place === undefined || source === null) return undefined;
  const isStrict = isStrictCode(fn, source, undefined, '') ?? place.isStrict;
  return isStrict === place.isStrict ? place : { ...place, isStrict };
}

/** Whether a text uses nothing of what is around it. */
export function isSelfContained({
  variables,
  outer,
  usesHome,
  importMeta,
  importsDynamically,
}: FunctionSource): boolean {
  const usesOuter = outer.usesThis || outer.usesSuper || outer.usesNewTarget || outer.usesArguments;
  return variables.size === 0 && !usesOuter && !usesHome && importMeta.length === 0 && !importsDynamically;
}

function placeOf({ fn, source }: Read, facts: FunctionFacts | undefined): CodePlace {
  if (source === null || facts === undefined || facts.scriptId === null) return nowhere;
  const { scriptId, line, column } = facts;
  const url = withoutMark(scriptUrl(scriptId));
  const place = { url, line, column, isStrict: isStrictCode(fn, source, facts, url) ?? false };
  if (isSelfContained(source) && !isOwnScript(url)) places.set(source, place);
  return place;
}
