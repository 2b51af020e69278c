/**
 * Values that one child sends for another: the process between them passes them on as they were written, and
 * makes nothing of them.
 */
import type { NestedCall } from '../../machines/protocol.ts';
import { ProtocolError } from '../errors.ts';
import type { CapturedCall } from './call.ts';
import type { CodeUnit } from './closure/unit.ts';
import { type EncodedValue, type HeaderDocument, parseHeader, reviveMessage } from './codec.ts';
import { rebuildResult } from './result.ts';

/** A value as another process wrote it, for the same place in a message. */
export class RelayedValue {
  readonly encoded: EncodedValue;
  readonly #document: HeaderDocument;
  readonly #at: number;

  constructor(document: HeaderDocument, at: number, binaries: readonly Uint8Array[]) {
    this.#document = document;
    this.#at = at;
    this.encoded = encodedOf(document.json[at], document.meta, binaries);
  }

  /** Whether it is what mode `each` returns when an item failed. */
  get isFailedChunk(): boolean {
    const value: unknown = this.#document.json[this.#at];
    if (!isRecord(value)) return false;
    return value['failed'] === true || rootProperty(value, 'failed') === true;
  }

  /** The value itself, as data: for who must look at it here after all. */
  revive(): unknown {
    try {
      const document: HeaderDocument = structuredClone(this.#document);
      return reviveMessage(document, this.encoded.binaries, undefined, rebuildResult)[this.#at];
    } catch (error) {
      return error;
    }
  }
}

/** The root of a captured value is an object whose properties are listed: key, value, key, value. */
function rootProperty(graph: Readonly<Record<string, unknown>>, name: string): unknown {
  const { nodes, roots } = graph;
  const root: unknown = Array.isArray(roots) && Array.isArray(roots[0]) ? roots[0][0] : undefined;
  const node: unknown = Array.isArray(nodes) && typeof root === 'number' ? nodes[root] : undefined;
  const properties = isRecord(node) ? node['properties'] : undefined;
  if (!Array.isArray(properties)) return undefined;
  const at = properties.findIndex((key, index) => index % 2 === 0 && key === name);
  return at === -1 ? undefined : properties[at + 1];
}

/** Written anew from what was read, so that nothing but one value can be in it. */
function encodedOf(json: unknown, meta: unknown, binaries: readonly Uint8Array[]): EncodedValue {
  const text = JSON.stringify(json) ?? 'null';
  const metaText = isRecord(meta) ? JSON.stringify(meta) : null;
  let byteLength = text.length + (metaText?.length ?? 0);
  for (const bytes of binaries) byteLength += bytes.byteLength;
  return { json: text, meta: metaText, binaries, byteLength };
}

const nestedStart = '{"json":["nested",';

/** Whether a header is about a task that a running task submitted. */
export function isNestedHeader(header: string): boolean {
  return header.startsWith(nestedStart);
}

/** Reads such a header as plain JSON. Throws ProtocolError if it is more than that. */
export function readNestedHeader(header: string): unknown[] {
  const document = parseHeader(header);
  if ('meta' in document)
    throw new ProtocolError('A message about a nested task has annotations, which it never needs.');
  return document.json;
}

/** The header of a submission: the values stand in it as JSON, apart from each other. */
export function nestedSubmitHeader(
  ids: readonly [nestedId: number, owner: number, attempt: number],
  call: NestedCall,
  args: EncodedValue,
  captured: CapturedCall | null,
): string {
  const graph = captured?.graph.json ?? 'null';
  const units = JSON.stringify(captured?.units ?? []);
  return (
    `${nestedStart}"submit",${ids.join(',')},${JSON.stringify(call)},` +
    `${args.json},${args.meta ?? 'null'},${graph},${units}]}`
  );
}

/** The values of a submission, to be passed on. */
export function relayedCall(
  { roots, argumentBytes }: NestedCall,
  [args, meta, graph, units]: readonly unknown[],
  binaries: readonly Uint8Array[],
): { readonly args: EncodedValue; readonly captured: Omit<CapturedCall, 'signals'> | null } {
  const encoded = encodedOf(args, meta, binaries.slice(0, argumentBytes));
  if (roots === null) return { args: encoded, captured: null };
  return {
    args: encoded,
    captured: {
      roots,
      graph: encodedOf(graph, null, binaries.slice(argumentBytes)),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked by who takes the submission
      units: units as readonly CodeUnit[],
      classIds: [],
    },
  };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
