/**
 * ArrayBuffers and views of them. The bytes travel beside the graph; views of one buffer keep sharing it.
 */
import { types } from 'node:util';
import { type Refusal, refusal, refuseObject } from '../../refusal.ts';
import type { BufferNode, Slot, ViewNode } from '../wire.ts';
import { type Capturing, refused } from './capturing.ts';
import type { Draft } from './draft.ts';
import { isPrototypeOf, prototypeOf } from './prototype.ts';

/** Of a buffer so much larger than what is viewed of it, only that part goes, without what else views it. */
const unviewedShareMax = 4;

const typedArrayPrototype: object = prototypeOf(Uint8Array.prototype) ?? {};
const typeOfView = Object.getOwnPropertyDescriptor(typedArrayPrototype, Symbol.toStringTag);
const byteLengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength');

/** The draft of an ArrayBuffer or a view; undefined for any other object. */
export function bytesDraft(object: object, capturing: Capturing): Draft | undefined {
  if (types.isSharedArrayBuffer(object)) return refused(refuseObject(object));
  if (types.isArrayBuffer(object)) return bufferDraft(object, capturing);
  return ArrayBuffer.isView(object) ? viewDraft(object, capturing) : undefined;
}

function bufferDraft(buffer: ArrayBuffer, capturing: Capturing): Draft {
  try {
    return bufferNode(new Uint8Array(buffer), capturing);
  } catch {
    return refused(transferred('ArrayBuffer'));
  }
}

function bufferNode(bytes: Uint8Array, capturing: Capturing): BufferNode {
  return { k: 'buffer', bytes: capturing.binaries.push(bytes) - 1 };
}

function viewDraft(view: ArrayBufferView, capturing: Capturing): Draft {
  const type = viewType(view);
  // A class that extends one of them would be lost.
  if (type === undefined) return refused(refuseObject(view));
  const { buffer, byteOffset, byteLength, length } = measuresOf(view);
  if (types.isSharedArrayBuffer(buffer)) return refused(refuseObject(buffer));
  const isGone = byteLength === 0 && isDetached(buffer);
  if (isGone) return refused(transferred(type));
  const isPart = isMostlyUnviewed(buffer, byteLength) || type === 'Buffer';
  const bytes = isPart ? new Uint8Array(buffer, byteOffset, byteLength) : undefined;
  const slot: Slot =
    bytes === undefined ? capturing.slotOf(buffer) : capturing.slotFor(bufferNode(bytes, capturing));
  const node: ViewNode = { k: 'view', type, buffer: slot, offset: isPart ? 0 : byteOffset, length };
  return node;
}

interface Measures {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** In elements; in bytes for a DataView. */
  readonly length: number;
}

/** Read through V8's own getters, for an object may have properties with these names. */
function measuresOf(view: ArrayBufferView): Measures {
  const prototype = types.isTypedArray(view) ? typedArrayPrototype : DataView.prototype;
  const read = (name: string): unknown => Object.getOwnPropertyDescriptor(prototype, name)?.get?.call(view);
  const buffer: unknown = read('buffer');
  if (!types.isAnyArrayBuffer(buffer)) throw new TypeError('a view has no buffer');
  try {
    const byteLength = Number(read('byteLength'));
    const length = types.isTypedArray(view) ? Number(read('length')) : byteLength;
    return { buffer, byteOffset: Number(read('byteOffset')), byteLength, length };
  } catch {
    // A DataView of memory that was transferred away.
    return { buffer, byteOffset: 0, byteLength: 0, length: 0 };
  }
}

/** `Buffer`, or the name of the typed array; undefined for a class of somebody's own. */
function viewType(view: ArrayBufferView): string | undefined {
  const prototype = prototypeOf(view);
  const type = types.isTypedArray(view) ? String(typeOfView?.get?.call(view)) : 'DataView';
  const names = type === 'Uint8Array' ? [type, 'Buffer'] : [type];
  return prototype === null ? undefined : names.find((name) => isPrototypeOf(prototype, name));
}

/** A view of an array's own memory may be empty; memory that was transferred away is no memory. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).byteLength < 0;
  } catch {
    return true;
  }
}

function isMostlyUnviewed(buffer: ArrayBufferLike, viewedBytes: number): boolean {
  return Number(byteLengthOf?.get?.call(buffer)) > viewedBytes * unviewedShareMax;
}

function transferred(type: string): Refusal {
  return refusal(
    `a ${type} whose memory was transferred away`,
    'Send it before you transfer it, or send a copy.',
  );
}
