/** Arrays, Maps and Sets. */
import type { ArrayNode, CollectionNode, Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { extrasOf, integrityOf, propertiesAmong } from './own-properties.ts';
import { prototypeSlot } from './prototype.ts';

const hole: Slot = ['hole'];
/** An array with more holes than that for each item goes as an object with a length. */
const holesPerItemMax = 8;

/** The node of an array. Own keys list the indexes first, in order. */
export function arrayNode(list: readonly unknown[], capturing: Capturing): ArrayNode {
  const keys = Reflect.ownKeys(list);
  const isScattered = list.length > keys.length * holesPerItemMax;
  const { items, at } = isScattered ? { items: [], at: 0 } : itemsOf(list, keys, capturing);
  const proto = prototypeSlot(list, capturing, 'Array');
  const isLeftOut = (key: string | symbol): boolean => key === 'length' && !isScattered;
  return {
    k: 'array',
    items,
    // What is beside the items is no more than their `length`, in the main.
    ...(at === keys.length - 1 ? {} : propertiesAmong(keys.slice(at), list, capturing, isLeftOut)),
    ...integrityOf(list),
    ...(proto === undefined ? {} : { proto }),
  };
}

/** The items up to the first that is no plain one, and how many keys those are. */
function itemsOf(
  list: readonly unknown[],
  keys: readonly (string | symbol)[],
  capturing: Capturing,
): { items: Slot[]; at: number } {
  const items: Slot[] = [];
  let at = 0;
  for (; at < keys.length; at += 1) {
    const key = keys[at];
    const index = typeof key === 'string' ? Number(key) : -1;
    if (!Number.isInteger(index) || index < items.length || index >= list.length) break;
    const property = Object.getOwnPropertyDescriptor(list, index);
    if (property === undefined || !('value' in property)) break;
    while (items.length < index) items.push(hole);
    items.push(capturing.slotOf(property.value));
  }
  while (items.length < list.length) items.push(hole);
  return { items, at };
}

/** The node of a Map. */
export function mapNode(map: object, capturing: Capturing): CollectionNode {
  const items: Slot[] = [];
  // The method itself, here and below, because an object may have others under these names.
  Map.prototype.forEach.call(map, (value, key) => {
    items.push(capturing.slotOf(key), capturing.slotOf(value));
  });
  return { k: 'map', items, ...extrasOf(map, capturing, 'Map') };
}

/** The node of a Set. */
export function setNode(set: object, capturing: Capturing): CollectionNode {
  const items: Slot[] = [];
  Set.prototype.forEach.call(set, (member) => {
    items.push(capturing.slotOf(member));
  });
  return { k: 'set', items, ...extrasOf(set, capturing, 'Set') };
}
