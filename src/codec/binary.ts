/**
 * Bytes travel beside the JSON text: the text holds a description, the message a list of byte ranges.
 */
import { types } from 'node:util';
import { classNameOf } from './object-class.ts';
import { type Refusal, refusal, refuseObject } from './refusal.ts';

/** Bytes found in a value: a view of the sender's own memory, and the class to make of it. */
export interface BinaryPiece {
  readonly kind: 'binary';
  readonly type: string;
  readonly bytes: Uint8Array;
}

type ViewMaker = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => object;

interface ViewClass {
  readonly make: ViewMaker;
  readonly elementBytes: number;
}

const integerViews = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
];
const otherViews = [Float32Array, Float64Array, BigInt64Array, BigUint64Array];

const viewClasses: ReadonlyMap<string, ViewClass> = new Map(
  [...integerViews, ...otherViews, ...newerViewClasses()].map((made) => [
    made.name,
    { make: made, elementBytes: made.BYTES_PER_ELEMENT },
  ]),
);

interface NamedViewMaker extends ViewMaker {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
}

/** Typed arrays that only newer versions of Node have. */
function newerViewClasses(): NamedViewMaker[] {
  const made: unknown = Reflect.get(globalThis, 'Float16Array');
  return isViewMaker(made) ? [made] : [];
}

function isViewMaker(value: unknown): value is NamedViewMaker {
  return typeof value === 'function' && 'BYTES_PER_ELEMENT' in value;
}

/** The bytes of an ArrayBuffer, Buffer, DataView or typed array; null if the object is none of them. */
export function binaryPiece(object: object): BinaryPiece | Refusal | null {
  if (!types.isArrayBuffer(object) && !ArrayBuffer.isView(object)) return null;
  const type = classNameOf(object);
  if (!isBinaryType(type)) return refuseObject(object);
  try {
    if (!ArrayBuffer.isView(object)) return { kind: 'binary', type, bytes: new Uint8Array(object) };
    const { buffer, byteOffset, byteLength } = object;
    if (types.isSharedArrayBuffer(buffer)) return refuseObject(buffer);
    return { kind: 'binary', type, bytes: new Uint8Array(buffer, byteOffset, byteLength) };
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return refusal(
      `a ${type} whose memory was transferred away`,
      'Send it before you transfer it, or send a copy.',
    );
  }
}

function isBinaryType(type: string): boolean {
  return type === 'ArrayBuffer' || type === 'Buffer' || type === 'DataView' || viewClasses.has(type);
}

/**
 * What the text says about bytes beside it: the class, the position in the message's list, the length in
 * bytes.
 */
export function describeBinary(piece: BinaryPiece, position: number): string {
  return `["${piece.type}",${position},${piece.bytes.byteLength}]`;
}

/**
 * Makes the object a description stands for. It takes over the received memory, unless that is not aligned.
 * Without any bytes (a recorded message), gives `{ type, byteLength }`.
 */
export function rebuildBinary(description: unknown, binaries: readonly Uint8Array[] | null): object {
  if (!isList(description)) throw new TypeError('a binary has no description');
  const [type, position, byteLength] = description;
  if (typeof type !== 'string' || !isBinaryType(type))
    throw new TypeError(`no binary type "${String(type)}"`);
  if (binaries === null) return { type, byteLength };
  const bytes = typeof position === 'number' ? binaries[position] : undefined;
  if (bytes === undefined || bytes.byteLength !== byteLength) {
    throw new RangeError(
      `no binary ${String(position)} of ${String(byteLength)} bytes came with the message`,
    );
  }
  return fromBytes(type, bytes);
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

function fromBytes(type: string, received: Uint8Array): object {
  const elementBytes = viewClasses.get(type)?.elementBytes ?? 1;
  const bytes = received.byteOffset % elementBytes === 0 ? received : new Uint8Array(received);
  const { buffer, byteOffset, byteLength } = bytes;
  switch (type) {
    case 'ArrayBuffer':
      return buffer.byteLength === byteLength ? buffer : new Uint8Array(bytes).buffer;
    case 'Buffer':
      return Buffer.from(buffer, byteOffset, byteLength);
    case 'DataView':
      return new DataView(buffer, byteOffset, byteLength);
    default: {
      const view = viewClasses.get(type);
      if (view === undefined || byteLength % elementBytes !== 0) {
        throw new RangeError(`${byteLength} bytes make no ${type}`);
      }
      return new view.make(buffer, byteOffset, byteLength / elementBytes);
    }
  }
}
