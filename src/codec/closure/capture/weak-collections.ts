/** WeakMaps and WeakSets: of their entries go those whose keys are sent anyway. */
import { types } from 'node:util';
import { readWeakEntries } from '../v8/private-members.ts';
import type { Slot } from '../wire.ts';
import { type Capturing, refused } from './capturing.ts';
import type { Draft } from './draft.ts';
import { extrasOf } from './own-properties.ts';
import { refusal } from '../../refusal.ts';
import { withoutInspector } from './without-inspector.ts';

/** The node of a weak collection, whose entries are added later. */
export function weakCollectionNode(collection: object, capturing: Capturing): Draft {
  const isMap = types.isWeakMap(collection);
  const entries = withoutInspector(() => readWeakEntries(collection));
  if (entries === undefined) return refused(refuseUnreadable(isMap ? 'WeakMap' : 'WeakSet'));
  const items: Slot[] = [];
  capturing.weakCollections.push({ isMap, entries, items });
  return {
    k: isMap ? 'weakMap' : 'weakSet',
    items,
    ...extrasOf(collection, capturing, isMap ? 'WeakMap' : 'WeakSet'),
  };
}

/** Adds the entries whose keys have been found by now. False if there were none. */
export function addWeakEntries(capturing: Capturing): boolean {
  let hasAdded = false;
  for (const collection of capturing.weakCollections) {
    const { isMap, items } = collection;
    const found = collection.entries.filter(([key]) => capturing.has(key));
    if (found.length === 0) continue;
    hasAdded = true;
    collection.entries = collection.entries.filter(([key]) => !capturing.has(key));
    for (const [key, value] of found)
      items.push(capturing.slotOf(key), ...(isMap ? [capturing.slotOf(value)] : []));
  }
  return hasAdded;
}

function refuseUnreadable(kind: string): ReturnType<typeof refusal> {
  return refusal(
    `a ${kind}, whose entries only node:inspector can list`,
    'Start Node with --allow-inspector, or send a Map or Set.',
  );
}
