/**
 * Makes again the records and lists that JSON cannot spell: keys superjson guards, and arrays with holes.
 */

/** A record from `[key, value]` entries; every key becomes an own property, `__proto__` too. */
export function rebuildRecord(json: unknown): object {
  const record = {};
  for (const [key, value] of entriesOf(json)) {
    if (typeof key !== 'string') throw new TypeError('a record has a key that is no text');
    Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}

/** An array from its length and the `[index, value]` of what is not a hole. */
export function rebuildSparse(json: unknown): unknown[] {
  if (!isEntry(json)) throw new TypeError('a sparse array has no description');
  const [length, items] = json;
  const list: unknown[] = [];
  if (typeof length !== 'number') throw new TypeError('a sparse array has no length');
  list.length = length;
  for (const [index, value] of entriesOf(items)) {
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= length) {
      throw new RangeError('a sparse array has an item outside of it');
    }
    list[index] = value;
  }
  return list;
}

function entriesOf(json: unknown): (readonly [unknown, unknown])[] {
  if (!Array.isArray(json) || !json.every(isEntry))
    throw new TypeError('a list of entries has another shape');
  return json;
}

const isEntry = (value: unknown): value is readonly [unknown, unknown] =>
  Array.isArray(value) && value.length === 2;
