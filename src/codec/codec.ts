/**
 * Values to frame headers and back. A header is a superjson document, `{"json":[…],"meta":{…}}`: a JSON array
 * whose last item may be a user's value. Bytes in the value travel beside the header.
 */
import { SuperJSON, type SuperJSONResult } from 'superjson';
import { NotSerializableError, ProtocolError } from '../errors.ts';
import { rebuildBinary } from './binary.ts';
import { describeThrown, describeTooLarge } from './error-record.ts';
import type { Root } from './frame.ts';
import { linkGraph, Reference } from './graph.ts';
import { isPlainJson } from './plain-json.ts';
import { type FindErrorClass, rebuildError } from './remote-error.ts';
import { rebuildRecord, rebuildSparse } from './rebuild.ts';
import { writeValue } from './walk.ts';

/** A value ready to be put in a header. `binaries` are views of the sender's own memory, not copies. */
export interface EncodedValue {
  readonly json: string;
  readonly meta: string | null;
  readonly binaries: readonly Uint8Array[];
  /** About how many bytes it takes on the wire. */
  readonly byteLength: number;
}

const noBinaries: readonly Uint8Array[] = [];
const nothing: Received = { binaries: null, known: undefined };

/**
 * Encodes a value for the place `at` of a message; `root` names it in the paths of errors. Repeated
 * references, cycles and the holes of arrays are kept. Symbol keys, properties that are not enumerable, extra
 * properties of arrays, dates or maps, and a null prototype are not; views of the same memory become separate
 * copies. No getter of an object and no `toJSON` runs. Throws NotSerializableError, naming the path, for what
 * cannot travel.
 */
export function encodeValue(value: unknown, at: number, root: Root): EncodedValue {
  try {
    if (value === undefined) return undefinedValue(at);
    return isPlainJson(value) ? plainValue(value) : annotatedValue(value, at, root);
  } catch (cause) {
    if (cause instanceof NotSerializableError) throw cause;
    if (cause instanceof RangeError) throw tooLargeAsText(root, cause);
    const why = 'reading it threw an error (see the cause). Send plain data.';
    throw new NotSerializableError(root, `${root} cannot be sent to another process: ${why}`, { cause });
  }
}

/** What V8 says of a text beyond its longest string, about 512 MiB, in words that help. */
export function tooLargeAsText(path: string, cause: RangeError): NotSerializableError {
  return new NotSerializableError(
    path,
    `${path} cannot be sent to another process: it is too large to be written as text. ` +
      'Send bytes as a Buffer, or send it in pieces.',
    { cause },
  );
}

function plainValue(value: unknown): EncodedValue {
  const json = JSON.stringify(value);
  return { json, meta: null, binaries: noBinaries, byteLength: json.length };
}

/** What most tasks return that are called for their effects. */
function undefinedValue(at: number): EncodedValue {
  return {
    json: 'null',
    meta: `{"values":{"${at}":["undefined"]},"v":1}`,
    binaries: noBinaries,
    byteLength: 44,
  };
}

/**
 * The same value with bytes of its own, for a sender whose memory may change before they have left. Pieces
 * above the limit stay the sender's.
 */
export function withOwnBytes(value: EncodedValue, copiedBytesMax: number = Infinity): EncodedValue {
  if (value.binaries.length === 0) return value;
  const own = (bytes: Uint8Array): Uint8Array =>
    bytes.byteLength <= copiedBytesMax ? new Uint8Array(bytes) : bytes;
  return { ...value, binaries: value.binaries.map(own) };
}

function annotatedValue(value: unknown, at: number, root: Root): EncodedValue {
  const written = writeValue(value, at, root);
  let byteLength = written.json.length + (written.meta?.length ?? 0);
  for (const bytes of written.binaries) byteLength += bytes.byteLength;
  return { ...written, byteLength };
}

/**
 * Encodes whatever a task threw, and never throws: what cannot be sent of it is dropped, or described
 * instead.
 */
export function encodeThrown(thrown: unknown, at: number): EncodedValue {
  try {
    return encodeValue(thrown, at, 'error');
  } catch (refusal) {
    return encodeDescription(thrown, refusal, at);
  }
}

function encodeDescription(thrown: unknown, refusal: unknown, at: number): EncodedValue {
  const isTooLarge = refusal instanceof NotSerializableError && refusal.cause instanceof RangeError;
  if (isTooLarge) return encodeValue(describeTooLarge(thrown), at, 'error');
  try {
    return encodeValue(describeThrown(thrown), at, 'error');
  } catch {
    // All that can be sent of it is too large.
    return encodeValue(describeTooLarge(thrown), at, 'error');
  }
}

/**
 * The header of a message: its plain items, and the encoded value after them. Throws `NotSerializableError`
 * if it is longer than a string can be.
 */
export function messageHeader(control: readonly unknown[], value?: EncodedValue): string {
  try {
    return headerText(control, value);
  } catch (cause) {
    throw cause instanceof RangeError ? tooLargeAsText('the whole message', cause) : cause;
  }
}

function headerText(control: readonly unknown[], value: EncodedValue | undefined): string {
  let text = '{"json":[';
  for (let index = 0; index < control.length; index++) {
    if (index > 0) text += ',';
    text += itemText(control[index]);
  }
  if (value === undefined) return `${text}]}`;
  if (control.length > 0) text += ',';
  return value.meta === null ? `${text}${value.json}]}` : `${text}${value.json}],"meta":${value.meta}}`;
}

/** Most items are ids and kinds, which need no escapes. */
const needsEscape = /[^ !#-[\]-~]/;

function itemText(item: unknown): string {
  if (typeof item === 'number' && Number.isFinite(item)) return String(item);
  if (typeof item === 'string' && !needsEscape.test(item)) return `"${item}"`;
  return item === undefined ? 'null' : JSON.stringify(item);
}

/** What a header alone does not hold. */
export interface Received {
  /** The bytes that came beside the header; null when it was recorded without them. */
  readonly binaries: readonly Uint8Array[] | null;
  /** Finds the user's own classes of errors. */
  readonly known: FindErrorClass | undefined;
  /** Makes captured values again; a reader without it leaves them as they were written. */
  readonly rebuild?: RebuildCaptured | undefined;
}

export type RebuildCaptured = (graph: unknown, binaries: readonly Uint8Array[]) => unknown;

/**
 * Teaches a SuperJSON instance the types of ours, so that it reads any header; `received` is asked at each of
 * them.
 */
export function registerWireTypes(superjson: SuperJSON, received: () => Received): void {
  const register = (name: string, deserialize: (json: unknown) => unknown): void => {
    superjson.registerCustom(
      { isApplicable: neverApplies, serialize: String, deserialize },
      `troupe/${name}`,
    );
  };
  register('binary', (json) => rebuildBinary(json, received().binaries));
  register('error', (json) => rebuildError(json, received().known));
  register('object', rebuildRecord);
  register('sparse', rebuildSparse);
  register('reference', (json) => new Reference(json));
  register('graph', linkGraph);
  register('captured', (graph) => {
    const { rebuild, binaries } = received();
    return rebuild === undefined ? graph : rebuild(graph, binaries ?? []);
  });
}

/** Encoding is not superjson's part. */
const neverApplies = (_value: unknown): _value is unknown => false;

let receiving = nothing;
let reader: SuperJSON | undefined;

/** Made when the first message needs it: plain values never do. */
function wireReader(): SuperJSON {
  if (reader === undefined) {
    reader = new SuperJSON();
    registerWireTypes(reader, () => receiving);
  }
  return reader;
}

/**
 * The message of a header and the bytes that came beside it, each at the start of its own memory, which the
 * value takes over. `known` finds the user's classes of errors, `rebuild` makes captured values again. Throws
 * ProtocolError if the header is not one.
 */
export function decodeMessage(
  header: string,
  binaries: readonly Uint8Array[],
  known?: FindErrorClass,
  rebuild?: RebuildCaptured,
): unknown[] {
  return reviveMessage(parseHeader(header), binaries, known, rebuild);
}

/** A header as it was written, before anything is made of it. */
export interface HeaderDocument {
  readonly json: unknown[];
  readonly meta?: object;
}

/** Reads a header as plain JSON. Throws ProtocolError if it is not one. */
export function parseHeader(header: string): HeaderDocument {
  try {
    const document: unknown = JSON.parse(header);
    if (!isDocument(document)) throw new TypeError('it holds no message');
    return document;
  } catch (cause) {
    throw unreadable(cause);
  }
}

/** Makes the message of a header. Throws ProtocolError. */
export function reviveMessage(
  document: HeaderDocument,
  binaries: readonly Uint8Array[],
  known?: FindErrorClass,
  rebuild?: RebuildCaptured,
): unknown[] {
  if (!('meta' in document)) return document.json;
  try {
    receiving = { binaries, known, rebuild };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what it is not, it refuses
    const message: unknown = wireReader().deserialize(document as SuperJSONResult, { inPlace: true });
    if (!Array.isArray(message)) throw new TypeError('its message is not an array');
    return message;
  } catch (cause) {
    throw unreadable(cause);
  } finally {
    receiving = nothing;
  }
}

function unreadable(cause: unknown): ProtocolError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ProtocolError(
    `A frame header cannot be read: ${why}. The other process may run another version of troupe, ` +
      'or something else wrote to its channel.',
    { cause },
  );
}

function isDocument(document: unknown): document is HeaderDocument {
  if (typeof document !== 'object' || document === null) return false;
  if (!('json' in document) || !Array.isArray(document.json)) return false;
  return !('meta' in document) || (typeof document.meta === 'object' && document.meta !== null);
}
