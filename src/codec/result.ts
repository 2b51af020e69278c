/**
 * What comes back from a child: plain data, and instances of classes that both sides know. Nothing of it is
 * ever run here.
 */
import { NotSerializableError } from '../errors.ts';
import { capture, type Registered } from './closure/capture/capture.ts';
import { classIds } from './closure/capture/class-ids.ts';
import { domExceptionType } from './closure/capture/dom-exception.ts';
import { symbolIds } from './closure/capture/symbol-ids.ts';
import type { AnyClass, KnownByName } from './closure/rebuild/data-nodes.ts';
import { rebuildData } from './closure/rebuild/rebuild-data.ts';
import { encodeValue, type EncodedValue, type RebuildCaptured } from './codec.ts';
import type { Root } from './frame.ts';
import { decoderNamed, registeredData } from './registry.ts';
import { hasSymbolKey } from './symbol-keys.ts';

/** The ids under which this process knows what another one sent. */
export interface KnownIds {
  idOfClass(made: object): string | undefined;
  idOfSymbol(made: symbol): string | undefined;
  /** Whether the other process has sent any symbols. */
  readonly hasSymbols: boolean;
  /** Whether it has sent this one. */
  hasReceived(symbol: symbol): boolean;
}

/**
 * Encodes what a task gives, for the place `at` of a message. Throws NotSerializableError for functions, and
 * for instances of classes that were neither sent here nor registered.
 */
export function encodeResult(value: unknown, at: number, root: Root, known: KnownIds): EncodedValue {
  try {
    if (known.hasSymbols && hasSymbolKey(value, (key) => known.hasReceived(key)))
      return captureData(value, at, root, known);
    return encodeValue(value, at, root);
  } catch (error) {
    if (!(error instanceof NotSerializableError) || error.cause !== undefined) throw error;
    return capturedData(value, at, root, known, error);
  }
}

function capturedData(
  value: unknown,
  at: number,
  root: Root,
  known: KnownIds,
  refusal: NotSerializableError,
): EncodedValue {
  try {
    return captureData(value, at, root, known);
  } catch (error) {
    // Of one place, the first refusal speaks as its owner sees it; the second of what capturing made of it.
    throw error instanceof NotSerializableError && placeOf(error) === refusal.path ? refusal : error;
  }
}

function captureData(value: unknown, at: number, root: Root, known: KnownIds): EncodedValue {
  const { graph, binaries } = capture([value], {
    roots: [root],
    isDataOnly: true,
    encode: dataAlone,
    knownClassId: (made) => known.idOfClass(made),
    knownSymbolId: (made) => known.idOfSymbol(made),
  });
  const json = JSON.stringify(graph);
  const meta = `{"values":{"${at}":[["custom","troupe/captured"]]},"v":1}`;
  let byteLength = json.length + meta.length;
  for (const bytes of binaries) byteLength += bytes.byteLength;
  return { json, meta, binaries, byteLength };
}

/** What a serializer makes of an object; the receiver has registered the other half. */
function dataAlone(object: object): Registered | undefined {
  const { type, data } = registeredData(object) ?? {};
  return type === undefined ? undefined : { type, data };
}

/** Capturing tells a property from its getter. */
function placeOf({ path }: NotSerializableError): string {
  return path.replace(/ \(its \wetter\)$/u, '');
}

/** A value that a serializer of this program could not make again, in place of it. */
export class UndecodedValue {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** What a serializer threw, told from what is wrong with the bytes. */
class DecoderFailure extends Error {}

/**
 * Makes a captured value again, with the classes that this process sent or registered; an `UndecodedValue` if
 * a serializer throws. Throws TypeError or RangeError, with the reason, if it is not such a value.
 */
export function rebuildResult(graph: unknown, binaries: readonly Uint8Array[]): unknown {
  try {
    return rebuildData(graph, binaries, ownTypes);
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof DecoderFailure) return new UndecodedValue(cause.cause);
    throw error;
  }
}

function serializerDecoder(name: string): ((data: unknown) => object) | undefined {
  const decode = decoderNamed(name);
  // This one is ours: what it refuses is no value of a result.
  if (decode === undefined || name === domExceptionType) return decode;
  return (data) => {
    try {
      return decode(data);
    } catch (cause) {
      throw new DecoderFailure('a serializer threw', { cause });
    }
  };
}

/** As `rebuildResult`, also with what other processes have sent here. */
export function rebuildResultWith(known: KnownByName): RebuildCaptured {
  const all: KnownByName = {
    classById: (id) => ownTypes.classById(id) ?? known.classById(id),
    // A process makes a symbol of any id it does not know, so its own come first.
    symbolById: (id, description) =>
      ownTypes.symbolById(id, description) ?? known.symbolById(id, description),
    decoderOf: (type) => ownTypes.decoderOf(type) ?? known.decoderOf(type),
  };
  return (graph, binaries) => rebuildData(graph, binaries, all);
}

const ownTypes: KnownByName = {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only classes get ids
  classById: (id) => classIds.valueOf(id) as AnyClass | undefined,
  symbolById: (id, description) => symbolIds.symbolOf(id, description),
  decoderOf: serializerDecoder,
};
