/** Makes ArrayBuffers and the views of them again. */
import type { ViewNode } from '../wire.ts';

type ViewMaker = new (buffer: ArrayBuffer, byteOffset: number, length: number) => object;

const names = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

const makers: ReadonlyMap<string, ViewMaker> = new Map(
  names.flatMap((name): [string, ViewMaker][] => {
    const made: unknown = Reflect.get(globalThis, name);
    return isViewMaker(made) ? [[name, made]] : [];
  }),
);

function isViewMaker(value: unknown): value is ViewMaker {
  return typeof value === 'function';
}

/** The memory of received bytes: taken over if they are all of it, else copied. */
export function bufferOf(bytes: Uint8Array | undefined): ArrayBuffer {
  if (bytes === undefined) throw new RangeError('some bytes did not come with the message');
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? buffer
    : new Uint8Array(bytes).buffer;
}

/** Throws for a type there is none of, and for what is not within the buffer. */
export function viewOf({ type, offset, length }: ViewNode, buffer: unknown): object {
  if (!(buffer instanceof ArrayBuffer)) throw new TypeError(`a ${type} has no buffer`);
  if (type === 'Buffer') return Buffer.from(buffer, offset, length);
  const Maker = makers.get(type);
  if (Maker === undefined) throw new TypeError(`there is no ${type} here`);
  return new Maker(buffer, offset, length);
}
