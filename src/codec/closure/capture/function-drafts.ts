/**
 * Decides what becomes of functions and classes. They come in batches, for V8 is asked about many at once.
 */
import { types } from 'node:util';
import { refuseObject } from '../../refusal.ts';
import { builtinExport, commonJsExport, globalPath } from '../known.ts';
import { isOwnFile } from '../own-files.ts';
import { sharedClasses } from '../rebuild/shared-classes.ts';
import { type Capturing, refused, type Turn } from './capturing.ts';
import { codeDraft } from './code-draft.ts';
import type { Draft } from './draft.ts';
import { type Located, locate } from './locate.ts';
import { exportOf } from './module-export.ts';
import { isNodeScript } from './node-internals.ts';
import { nodeFunctionDraft } from './node-functions.ts';
import { isOwnScript, ownDraft } from './own-functions.ts';
import { fileUrl, mayImport, noteDefiningFile } from './reference-policy.ts';
import { refuseCode, refuseNative, refuseUninspectable, refuseUnparsable } from './refusals.ts';

/**
 * Gives each function of a batch its draft. The files of those that decide, and that no module exports, no
 * child imports.
 */
export function describeFunctions(
  turns: readonly Turn[],
  capturing: Capturing,
  decides: (fn: object) => boolean,
): void {
  const left = turns.filter((turn) => {
    turn.entry.draft ??= knownDraft(turn.value, capturing) ?? null;
    return turn.entry.draft === null;
  });
  const located = locate(left.map(({ value }) => value));
  for (const { fn, facts, place } of located)
    if (decides(fn) && (facts === undefined || exportOf(fn, facts, place.url, capturing) === undefined))
      noteDefiningFile(place.url, capturing);
  for (const [index, { entry }] of left.entries()) {
    const found = located[index];
    // Another function of the batch may have imported it by now.
    if (found !== undefined) entry.draft ??= draftOf(found, capturing);
  }
}

/** What can be said of a function without asking V8. */
function knownDraft(fn: object, capturing: Capturing): Draft | undefined {
  if (types.isProxy(fn)) return refused(refuseObject(fn));
  const path = globalPath(fn);
  if (capturing.options.isDataOnly === true) return knownClassDraft(fn, path, capturing);
  if (path !== undefined) return { k: 'global', path };
  const builtin = builtinExport(fn);
  if (builtin !== undefined) return { k: 'module', ...builtin, from: null };
  const exported = capturing.byValue.has(fn) ? undefined : commonJsExport(fn);
  if (exported === undefined || !mayImport(exported.file, capturing)) return undefined;
  // Of this library, a loader may have made another copy for `require`: workers use that of `import`.
  return isOwnFile(fileUrl(exported.file)) ? ownDraft(fn) : { k: 'commonjs', ...exported };
}

/** Data may only name classes, and only such as the receiver has. */
function knownClassDraft(fn: object, path: readonly string[] | undefined, capturing: Capturing): Draft {
  const id = capturing.options.knownClassId?.(fn);
  if (id !== undefined) return { k: 'knownClass', id };
  const [name = '', ...rest] = path ?? [];
  const isShared = rest.length === 0 && sharedClasses.has(name);
  return isShared ? { k: 'global', path: [name] } : refused(refuseCode(fn));
}

function draftOf(located: Located, capturing: Capturing): Draft {
  const { fn, source, facts, place, failure } = located;
  if (facts?.bound != null) return boundDraft(facts.bound, capturing);
  if (failure === 'native') return refused(facts === undefined ? refuseUninspectable() : refuseNative(fn));
  if (source === null) return refused(refuseUnparsable(failure ?? ''));
  if (facts !== undefined && isOwnScript(place.url)) return ownDraft(fn);
  if (isNodeScript(place.url)) return nodeFunctionDraft(located, capturing);
  const exported = facts === undefined ? undefined : exportOf(fn, facts, place.url, capturing);
  if (exported !== undefined) return { k: 'module', specifier: place.url, name: exported, from: null };
  return codeDraft({ ...located, source }, capturing);
}

function boundDraft(
  { target, boundThis, args }: NonNullable<NonNullable<Located['facts']>['bound']>,
  capturing: Capturing,
): Draft {
  return {
    k: 'bound',
    target: capturing.slotOf(target),
    boundThis: capturing.slotOf(boundThis),
    args: args.map((arg) => capturing.slotOf(arg)),
  };
}
