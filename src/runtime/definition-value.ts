/**
 * What can stand in a definition where XState's types say nothing: functions, references by name, XState's
 * own actions.
 */

export type Callable = (facts: unknown, params?: unknown) => unknown;

export function isCallable(value: unknown): value is Callable {
  return typeof value === 'function';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether it is one of XState's own actions or guards, which are functions that carry their settings. */
export function isBuiltIn(
  value: Callable,
  key: 'resolve' | 'check',
): value is Callable & Record<string, unknown> {
  return key in value;
}

/** Splits a reference to an action or guard, `'name'` or `{ type, params }`. */
export function readReference(reference: unknown): { name: string; params: unknown } | undefined {
  if (typeof reference === 'string') return { name: reference, params: undefined };
  if (!isRecord(reference) || typeof reference['type'] !== 'string') return undefined;
  return { name: reference['type'], params: reference['params'] };
}
