/** Says more when a task uses a name that was not there to be captured. */

/**
 * Adds to the message of a ReferenceError for one of the `unresolved` names why there is no such variable.
 * Returns the error, whatever it is.
 */
export function explainReferenceError(error: unknown, unresolved: readonly string[] = []): unknown {
  if (!(error instanceof ReferenceError)) return error;
  const { message, stack } = error;
  const [, name] = /^(\S+) is not defined$/u.exec(message) ?? [];
  if (name === undefined || !unresolved.includes(name)) return error;
  const why = `\`${name}\` was neither a captured variable nor a global when the function was submitted`;
  const explained = `${message} (${why})`;
  Reflect.set(error, 'message', explained);
  // V8 has written the message there already.
  if (stack?.includes(message) === true)
    Reflect.set(
      error,
      'stack',
      stack.replace(message, () => explained),
    );
  return error;
}
