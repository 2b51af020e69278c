/** Says which grant was missing when Node's permission model kept a worker from loading code. */

/** A sentence to end a message with, or undefined for an error that is about something else. */
export function missingGrant(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ERR_ACCESS_DENIED') return undefined;
  const permission: unknown = Reflect.get(error, 'permission');
  const resource: unknown = Reflect.get(error, 'resource');
  if (permission !== 'FileSystemRead' || typeof resource !== 'string') {
    return `Node's permission model denied it (${String(permission)}): grant it in \`permissions\`.`;
  }
  return (
    `Node's permission model does not let the worker read ${resource}: add it, or a folder around it, to ` +
    '`permissions.fsRead`.'
  );
}

const annotated = new WeakSet<Error>();

/** The same error; the first time, with the missing grant at the end of its message. */
export function withMissingGrant(error: unknown): unknown {
  const grant = missingGrant(error);
  if (grant === undefined || !(error instanceof Error) || annotated.has(error)) return error;
  annotated.add(error);
  Reflect.set(error, 'message', `${error.message} (${grant})`);
  return error;
}
