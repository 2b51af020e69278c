/**
 * Sends a value through the codec as a message would, reading the header with a foreign SuperJSON on the way.
 */
import { isDeepStrictEqual } from 'node:util';
import { SuperJSON } from 'superjson';
import {
  decodeMessage,
  encodeValue,
  type EncodedValue,
  messageHeader,
  registerWireTypes,
} from '../../../src/codec/codec.ts';
import type { FindErrorClass } from '../../../src/codec/remote-error.ts';

const control = ['returned', 7, 1, 20];

/** Where the value is in the messages of these tests. */
export const at: number = control.length;

/** The bytes as a channel delivers them: each in memory of its own. */
function deliver(binaries: readonly Uint8Array[]): Uint8Array[] {
  return binaries.map((bytes) => new Uint8Array(bytes));
}

/** What arrives of an encoded value. */
export function arrive(encoded: EncodedValue, known?: FindErrorClass): unknown {
  const header = messageHeader(control, encoded);
  const message = decodeMessage(header, deliver(encoded.binaries), known);
  if (!isDeepStrictEqual(message.slice(0, at), control) || message.length !== at + 1) {
    throw new Error(`the control items changed: ${header}`);
  }
  return message[at];
}

/** What arrives of a value. */
export function roundTrip(value: unknown): unknown {
  return arrive(encodeValue(value, at, 'result'));
}

/** What a SuperJSON that knows nothing but our types reads in the header of a value. */
export function readBySuperJson(value: unknown): unknown {
  const encoded = encodeValue(value, at, 'result');
  const binaries = deliver(encoded.binaries);
  const superjson = new SuperJSON();
  registerWireTypes(superjson, () => ({ binaries, known: undefined }));
  return superjson.parse<unknown[]>(messageHeader(control, encoded))[at];
}
