/** Finds what is not plain data: the checker compares moments by their text, and would take two for one. */

/** The path to the first value that JSON cannot tell from others, and what it is; `null` if there is none. */
export function findUnplain(value: unknown, path: string): { path: string; what: string } | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : { path, what: `the number ${value}` };
    case 'object':
      return value === null ? null : findInObject(value, path);
    default:
      return { path, what: `a ${typeof value}` };
  }
}

function findInObject(value: object, path: string): { path: string; what: string } | null {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = findUnplain(item, `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const name: unknown = Reflect.get(value, 'constructor');
    return { path, what: `a ${typeof name === 'function' ? name.name : 'class instance'}` };
  }
  for (const [key, item] of Object.entries(value)) {
    const found = findUnplain(item, `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
