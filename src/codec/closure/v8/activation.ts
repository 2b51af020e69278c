/**
 * Finds out by a breakpoint what V8's scopes do not tell: whether two functions share a variable, and what
 * `this` is inside an arrow. A function stops before its first statement and is ended there, so none of
 * them runs.
 */
import type { Debugger, Runtime } from 'node:inspector';
import process from 'node:process';
import { types } from 'node:util';
import { analyze } from '../source/analyze.ts';
import { propertyOf } from './live-values.ts';
import { askingAnew, readFunctions, type Scope } from './scope-reader.ts';
import { scriptUrl } from './scripts.ts';
import {
  answer,
  argumentFor,
  connectedSession,
  handleGroup,
  idFor,
  keepingHandles,
  releaseSoon,
  runUntilEnded,
  valuesOf,
  withDebugger,
} from './session.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** Where a function has stopped, and where it was called from. */
interface Pause {
  readonly frame: Debugger.CallFrame;
  readonly caller: Debugger.CallFrame | undefined;
}

/** A variable of a stopped function. */
interface Place {
  readonly frame: Debugger.CallFrame;
  readonly scopeNumber: number;
  readonly name: string;
}

// What no program has in a variable. An object could not be put into a variable of another vm context.
const sentinel = `troupe:${process.hrtime.bigint()}`;

const steps = {
  generator: propertyOf((function* () {})(), 'next'),
  asyncGenerator: propertyOf((async function* () {})(), 'next'),
};

/**
 * Whether the variable `name`, free in both functions, is the same one in both. undefined: it cannot be
 * found out, because `first` cannot be stopped, or the variable is not initialised yet, a global or of a
 * `with` object. Throws `InspectorUnavailable`.
 */
export function sharesVariable(first: object, second: object, name: string): boolean | undefined {
  if (first === second) return true;
  return whichShare(first, [second], name)[0];
}

/** The same for many functions, of which each is compared with the first. That is stopped only once. */
export function whichShare(
  first: object,
  others: readonly object[],
  name: string,
): readonly (boolean | undefined)[] {
  const found = atEntry(first, ({ frame }) => compareVariable(frame, [first, ...others], name));
  return found ?? others.map(() => undefined);
}

/**
 * `this` as an arrow function sees it. undefined: the arrow cannot be stopped, or is of a vm context that
 * is neither the main one nor this one. Throws `InspectorUnavailable`.
 */
export function readLexicalThis(arrow: object): { readonly value: unknown } | undefined {
  return atEntry(arrow, ({ frame, caller }) => {
    // The frame's own `this` is missing in async arrows.
    const self = valueAt(frame, 'this');
    if (self === undefined) return undefined;
    const values = attempt(() => valuesOf([self], caller?.this)) ?? attempt(() => valuesOf([self]));
    return values === undefined ? undefined : { value: values[0] };
  });
}

/** Calls `fn`, looks around when it stops, and ends it. */
function atEntry<Found>(fn: object, look: (pause: Pause) => Found | undefined): Found | undefined {
  if (!canStop(fn)) return undefined;
  let found: Found | undefined;
  let failure: { readonly cause: unknown } | undefined;
  stopAtEntry(fn, (pause) => {
    try {
      found = look(pause);
    } catch (error) {
      failure = { cause: error };
    }
  });
  if (failure !== undefined) throw failure.cause;
  return found;
}

function stopAtEntry(fn: AnyFunction, look: (pause: Pause) => void): void {
  const session = connectedSession();
  const onPaused = ({ params }: { readonly params: Debugger.PausedEventDataType }): void => {
    const [frame, caller] = params.callFrames;
    if (frame !== undefined) keepingHandles(() => look({ frame, caller }));
    session.post('Runtime.terminateExecution');
  };
  try {
    withDebugger(() => {
      const breakpoint = answer<object>((reply) => {
        session.post('Debugger.setBreakpointOnFunctionCall', { objectId: idFor(fn) }, reply);
      });
      session.once('Debugger.paused', onPaused);
      runUntilEnded(callOf(fn));
      session.off('Debugger.paused', onPaused);
      session.post('Debugger.removeBreakpoint', breakpoint);
    });
  } finally {
    releaseSoon();
  }
}

/** A generator function stops at the first step of its generator only. */
function callOf(fn: AnyFunction): () => void {
  // Not an arrow: its `this` is how V8 knows the holder in this vm context.
  return function run(): void {
    const made = Reflect.apply(fn, undefined, []);
    if (!types.isGeneratorFunction(fn)) return;
    const step = types.isAsyncFunction(fn) ? steps.asyncGenerator : steps.generator;
    if (typeof step === 'function') Reflect.apply(step, made, []);
  };
}

/**
 * Only what stops before anything of it has run, and stops for nobody else. A debugger that is attached
 * would show the stop to its user, and wait for him.
 */
function canStop(fn: object): fn is AnyFunction {
  if (typeof fn !== 'function' || types.isProxy(fn)) return false;
  if (process.getBuiltinModule('node:inspector').url() !== undefined) return false;
  const [facts] = readFunctions([fn]);
  if (facts === undefined || facts.scriptId === null || scriptUrl(facts.scriptId).startsWith('node:'))
    return false;
  const { form, hasPlainParameters } = analyze(Function.prototype.toString.call(fn));
  return form !== 'class' && hasPlainParameters;
}

/** Writes the variable where the first function has stopped, and looks for that through all of them. */
function compareVariable(
  frame: Debugger.CallFrame,
  functions: readonly object[],
  name: string,
): readonly boolean[] | undefined {
  const original = valueAt(frame, name);
  if (original === undefined) return undefined;
  const place = placesOf(frame, name).find((candidate) => write(candidate, { value: sentinel }));
  if (place === undefined) return undefined;
  const seen = attempt(() => askingAnew(() => readFunctions(functions)));
  const isSeen = seen?.map(({ scopes }) => readVariable(scopes, name) === sentinel);
  if (!write(place, argumentFor(original)))
    throw new Error(`the variable \`${name}\` could not be given back its value`);
  const [isInFirst, ...areInOthers] = isSeen ?? [];
  return isInFirst === true ? areInOthers : undefined;
}

/**
 * Its value as V8 describes it in the function's own vm context, or undefined if reading it throws or runs
 * code.
 */
function valueAt(frame: Debugger.CallFrame, expression: string): Runtime.RemoteObject | undefined {
  const parameters = {
    callFrameId: frame.callFrameId,
    expression,
    objectGroup: handleGroup,
    silent: true,
    throwOnSideEffect: true,
  };
  const { result, exceptionDetails } = answer<Debugger.EvaluateOnCallFrameReturnType>((reply) => {
    connectedSession().post('Debugger.evaluateOnCallFrame', parameters, reply);
  });
  return exceptionDetails === undefined ? result : undefined;
}

/** The scopes around the function, but none beyond a `with`, which might have the name. */
function placesOf(frame: Debugger.CallFrame, name: string): Place[] {
  const { scopeChain } = frame;
  const own = scopeChain.findIndex(({ type }) => type === 'local');
  const end = scopeChain.findIndex(({ type }) => type === 'with' || type === 'global');
  const numbers = [...scopeChain.keys()].slice(own + 1, end === -1 ? undefined : end);
  return numbers.map((scopeNumber) => ({ frame, scopeNumber, name }));
}

/** False if that scope has no such variable. */
function write({ frame, scopeNumber, name }: Place, newValue: Runtime.CallArgument): boolean {
  const parameters = { callFrameId: frame.callFrameId, scopeNumber, variableName: name, newValue };
  let failure: Error | null = null;
  connectedSession().post('Debugger.setVariableValue', parameters, (error) => {
    failure = error;
  });
  return failure === null;
}

/** The variable as a function sees it; undefined beyond scopes that may have getters. */
function readVariable(scopes: readonly Scope[], name: string): unknown {
  for (const { kind, variables } of scopes) {
    if (/^(?:Global|With Block)/u.test(kind)) return undefined;
    // A variable that is not initialised yet throws.
    if (Object.hasOwn(variables, name)) return attempt((): unknown => Reflect.get(variables, name));
  }
  return undefined;
}

function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
