/**
 * Decides what an object is, and takes it apart. No code of its owner runs: no getter, trap, tag or
 * `toJSON`.
 */
import { types } from 'node:util';
import { isPlainObject } from '../../object-class.ts';
import { markOf } from '../../pool-mark.ts';
import { refuseObject } from '../../refusal.ts';
import { builtinExport, commonJsExport, globalPath } from '../known.ts';
import { isOwnFile } from '../own-files.ts';
import type { ObjectNode } from '../wire.ts';
import { builtinNode } from './builtin-node.ts';
import { bytesDraft } from './bytes-node.ts';
import { type Capturing, refused, type Turn } from './capturing.ts';
import { arrayNode, mapNode, setNode } from './collection-node.ts';
import { encodeDomException } from './dom-exception.ts';
import type { Draft } from './draft.ts';
import { instanceDraft, withPrivates } from './instance-draft.ts';
import { propertiesOf } from './own-properties.ts';
import { fileUrl, mayImport } from './reference-policy.ts';
import { refuseModule } from './refusals.ts';
import { weakCollectionNode } from './weak-collections.ts';

/** What becomes of an object. */
export function objectDraft({ value: object }: Turn, capturing: Capturing): Draft {
  if (types.isProxy(object)) return refused(refuseObject(object));
  return referenceTo(object, capturing) ?? ownWay(object, capturing) ?? dataDraft(object, capturing);
}

/** What the receiver has too. */
function referenceTo(object: object, capturing: Capturing): Draft | undefined {
  if (capturing.options.isDataOnly === true) return undefined;
  const path = globalPath(object);
  if (path !== undefined) return { k: 'global', path };
  const builtin = builtinExport(object);
  if (builtin !== undefined) return { k: 'module', ...builtin, from: null };
  const exported = commonJsExport(object);
  if (exported === undefined || !mayImport(exported.file, capturing)) return undefined;
  if (isOwnFile(fileUrl(exported.file))) return refused(refuseModule());
  return { k: 'commonjs', ...exported };
}

/** What its owner, or this library, has a way of its own for. */
function ownWay(object: object, capturing: Capturing): Draft | undefined {
  const { isPool, encode } = capturing.options;
  if (isPool?.(object) === true) return { k: 'pool', ...markOf(object) };
  const registered = encode?.(object) ?? encodeDomException(object);
  if (registered === undefined) return undefined;
  const { type, data, decode } = registered;
  return {
    k: 'registered',
    type,
    data: capturing.slotOf(data),
    ...(decode === undefined ? {} : { decode: capturing.slotOf(decode) }),
  };
}

function dataDraft(object: object, capturing: Capturing): Draft {
  if (Array.isArray(object)) return withPrivates(arrayNode(object, capturing), object, capturing);
  if (isRunning(object)) return refused(refuseObject(object));
  if (isPlainObject(object)) return plainNode(object, capturing);
  if (types.isMap(object)) return withPrivates(mapNode(object, capturing), object, capturing);
  if (types.isSet(object)) return withPrivates(setNode(object, capturing), object, capturing);
  if (types.isWeakMap(object) || types.isWeakSet(object)) return weakCollectionNode(object, capturing);
  const builtin = bytesDraft(object, capturing) ?? builtinNode(object, capturing);
  return builtin === undefined ? instanceDraft(object, capturing) : withPrivates(builtin, object, capturing);
}

/** Neither data nor made by a class. */
function isRunning(object: object): boolean {
  return (
    types.isPromise(object) ||
    types.isGeneratorObject(object) ||
    types.isMapIterator(object) ||
    types.isSetIterator(object) ||
    types.isArgumentsObject(object) ||
    types.isModuleNamespaceObject(object) ||
    types.isExternal(object)
  );
}

function plainNode(object: object, capturing: Capturing): ObjectNode {
  const proto = Object.getPrototypeOf(object) === null ? { proto: null } : {};
  return { k: 'object', ...propertiesOf(object, capturing), ...proto };
}
