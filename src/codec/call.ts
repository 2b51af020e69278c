/**
 * Encodes a call: an address and plain arguments where that is enough, and otherwise the function, its
 * arguments, or both together, with all they hold on to.
 */
import { type CapturedRoots, closureUrl, type FunctionReference, valueAt } from '../../machines/protocol.ts';
import { NotSerializableError } from '../errors.ts';
import { type BareFunction, bareFunction, isBare, nameOf, rememberBare } from './bare-function.ts';
import { capture } from './closure/capture/capture.ts';
import { classIds } from './closure/capture/class-ids.ts';
import { askingOnce } from './closure/v8/scope-reader.ts';
import type { CodeUnit } from './closure/unit.ts';
import { encodeValue, type EncodedValue, tooLargeAsText, withOwnBytes } from './codec.ts';
import { explainCaptured, explainReference, type Explanation, warnIfLarge } from './explain-call.ts';
import { importableReference, isErrorClass, isReferenceKnown, knownReference } from './function-reference.ts';
import { isPool } from './pool-mark.ts';
import type { ErrorConstructorLike } from './remote-error.ts';
import { registeredData, type Registration } from './registry.ts';

/** What travels by what it holds on to. */
export interface CapturedCall {
  readonly roots: CapturedRoots;
  readonly graph: EncodedValue;
  /** The texts of its functions and classes. A child gets each once. */
  readonly units: readonly CodeUnit[];
  /** The ids of the classes in it. */
  readonly classIds: readonly string[];
  /** Signals in it, which may still abort. */
  readonly signals: readonly AbortSignal[];
}

export interface EncodedCall {
  readonly reference: FunctionReference;
  readonly args: EncodedValue;
  readonly captured: CapturedCall | null;
}

export interface CallOptions {
  /** The place of the arguments in their message. */
  readonly at?: number;
  /** Whether `this` of an arrow may be read by stopping it. */
  readonly readThis?: boolean;
}

/** Encodes calls of one function, which is looked at once. */
export type EncodeCall = (args: readonly unknown[]) => EncodedCall;

const nothing: EncodedValue = { json: '[]', meta: null, binaries: [], byteLength: 2 };

/** Copying this much costs about as much as sending it. */
const copiedBytesMax = 1024 * 1024;

/**
 * Encodes a call of a function. What is captured is read now; bytes up to 1 MiB are copied now. Throws
 * `NotSerializableError` if the function or an argument cannot travel.
 */
export function encodeCall(
  fn: unknown,
  args: readonly unknown[],
  { at = valueAt.run, readThis = false }: CallOptions = {},
): EncodedCall {
  const known = knownReference(fn);
  if (known !== undefined) return referenceCall(known, args, at);
  const bare = bareFunction(fn);
  if (bare !== undefined) return bareCall(bare, fn, args, at);
  return askingOnce(() => {
    const reference = importableReference(fn);
    if (reference !== undefined) return referenceCall(reference, args, at);
    return capturedCall(fn, args, { at, readThis });
  });
}

/** Encodes many calls of a function: what it captures is read once, now, and is the same in all of them. */
export function callEncoder(fn: unknown, { readThis = false }: CallOptions = {}): EncodeCall {
  const reference = importableReference(fn);
  if (reference !== undefined) return (args) => referenceCall(reference, args, valueAt.run);
  const captured = captureRoots('function', [fn], readThis);
  const called = closureReference(fn, captured);
  return (args) => ({ reference: called, args: encodeArguments(args, valueAt.run), captured });
}

/** What a call of a function would send. Throws `NotSerializableError` if it cannot be sent. */
export function explainCall(fn: unknown, readThis: boolean): Explanation {
  const reference = importableReference(fn);
  if (reference !== undefined) return explainReference(reference);
  const labels = labelsOf('function', [fn]);
  return explainCaptured(
    { ...capture([fn], { roots: labels, encode: registeredData, isPool, readThis }), labels },
    labels[0] ?? '',
  );
}

/**
 * What the arguments of a call weigh: their text and their bytes. A function that is captured by itself is
 * the same for all its calls, and counts for none.
 */
export function argumentBytes({ args, captured }: EncodedCall): number {
  const isShared = captured === null || captured.roots === 'function';
  return args.byteLength + (isShared ? 0 : captured.graph.byteLength);
}

/**
 * Whether `encodeCall` would answer at once; what is looked at for the first time may take tens of
 * milliseconds.
 */
export function isCallKnown(fn: unknown): boolean {
  return isReferenceKnown(fn) || bareFunction(fn) !== undefined;
}

/** Stands for a call that cannot be made. */
export function refusedCall(fn: unknown): EncodedCall {
  return { reference: { url: '', name: nameOf(fn) }, args: nothing, captured: null };
}

function referenceCall(reference: FunctionReference, args: readonly unknown[], at: number): EncodedCall {
  try {
    return { reference, args: encodeArguments(args, at), captured: null };
  } catch (error) {
    // Plain data stops at functions and instances of classes, which can be captured.
    if (!isRefusal(error)) throw error;
    return { reference, args: nothing, captured: captureRoots('arguments', args, false) };
  }
}

function capturedCall(
  fn: unknown,
  args: readonly unknown[],
  { at, readThis }: Required<CallOptions>,
): EncodedCall {
  if (isBare(fn)) {
    const captured = captureRoots('function', [fn], false);
    const bare = { captured, reference: closureReference(fn, captured) };
    rememberBare(fn, bare);
    return bareCall(bare, fn, args, at);
  }
  const captured = captureRoots('call', [fn, ...args], readThis);
  return { reference: closureReference(fn, captured), args: nothing, captured };
}

/** Its arguments cannot hold anything that it holds, too. */
function bareCall(bare: BareFunction, fn: unknown, args: readonly unknown[], at: number): EncodedCall {
  try {
    return { ...bare, args: encodeArguments(args, at) };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { ...bare, args: nothing, captured: captureRoots('call', [fn, ...args], false) };
  }
}

/** Whether it stopped at something that can be captured; what is too large stays so. */
const isRefusal = (error: unknown): boolean =>
  error instanceof NotSerializableError && !(error.cause instanceof RangeError);

function encodeArguments(args: readonly unknown[], at: number): EncodedValue {
  return args.length === 0 ? nothing : withOwnBytes(encodeValue(args, at, 'argument'), copiedBytesMax);
}

/** A registered class and its two functions, as a worker needs them. */
export interface CapturedRegistration extends CapturedCall {
  readonly classId: string;
}

const capturedRegistrations = new WeakMap<Registration, CapturedRegistration>();

/** Captured once, when the first worker needs it. Throws `NotSerializableError`. */
export function capturedRegistration(registration: Registration): CapturedRegistration {
  const known = capturedRegistrations.get(registration);
  if (known !== undefined) return known;
  const { name, type, serializer } = registration;
  const values = serializer === null ? [type] : [type, serializer.encode, serializer.decode];
  const labels = [`registered class ${name}`, `encode of ${name}`, `decode of ${name}`];
  const captured = {
    ...captureValues('arguments', values, { labels, readThis: false, ownerOfAll: type }),
    classId: classIds.idOf(type),
  };
  capturedRegistrations.set(registration, captured);
  return captured;
}

function captureRoots(roots: CapturedRoots, values: readonly unknown[], readThis: boolean): CapturedCall {
  return captureValues(roots, values, { labels: labelsOf(roots, values), readThis });
}

function captureValues(
  roots: CapturedRoots,
  values: readonly unknown[],
  { labels, ...options }: { labels: readonly string[]; readThis: boolean; ownerOfAll?: object },
): CapturedCall {
  const { graph, units, binaries, signals } = capture(values, {
    roots: labels,
    encode: registeredData,
    isPool,
    ...options,
  });
  const json = graphText(graph, roots);
  let byteLength = json.length;
  for (const bytes of binaries) byteLength += bytes.byteLength;
  if (roots !== 'arguments') warnIfLarge({ graph, units, binaries, labels }, byteLength);
  const encoded = withOwnBytes({ json, meta: null, binaries, byteLength }, copiedBytesMax);
  const ids = graph.nodes.flatMap((node) => ('id' in node && node.k !== 'symbol' ? (node.id ?? []) : []));
  return { roots, graph: encoded, units, classIds: ids, signals };
}

function graphText(graph: object, roots: CapturedRoots): string {
  try {
    return JSON.stringify(graph);
  } catch (cause) {
    const path = roots === 'arguments' ? 'argument' : 'what the function captures';
    throw cause instanceof RangeError ? tooLargeAsText(path, cause) : cause;
  }
}

/** How the paths of errors begin. */
function labelsOf(roots: CapturedRoots, values: readonly unknown[]): string[] {
  const before = roots === 'arguments' ? 0 : 1;
  return values.map((value, index) =>
    index < before ? nameOf(value, 'closure') : `argument ${index - before}`,
  );
}

/** By the text of the function, and then by its name. */
const references = new WeakMap<CodeUnit, Map<string, FunctionReference>>();

/** One object for all closures of one text and name: they take about as long. */
function closureReference(fn: unknown, { units: [unit] }: CapturedCall): FunctionReference {
  const name = nameOf(fn);
  if (unit === undefined) return { url: closureUrl, name };
  const named = references.get(unit) ?? new Map<string, FunctionReference>();
  references.set(unit, named);
  const reference = named.get(name) ?? { url: closureUrl, name };
  named.set(name, reference);
  return reference;
}

/** The class of errors that goes by this name among what was captured for a call. */
export function capturedErrorClass(
  captured: CapturedCall | null,
  name: string,
): ErrorConstructorLike | undefined {
  for (const id of captured?.classIds ?? []) {
    const made = classIds.valueOf(id);
    if (made !== undefined && nameOf(made) === name && isErrorClass(made)) return made;
  }
  return undefined;
}
