/** The errors for what was passed as a function to run, and is none. */
import { NotSerializableError } from '../../errors.ts';

type AnyFunction = (...args: never) => unknown;

/** `value` is not a function at all. */
export function refuseValue(value: unknown): NotSerializableError {
  const kind = value === null ? 'null' : typeof value;
  return refusal(`A task needs a function to run, not a value of type ${kind}.`);
}

/** A class constructor, which cannot be called. */
export function refuseClass(fn: AnyFunction): NotSerializableError {
  return refusal(
    `${titled('The class', fn)} cannot be a task, because a class cannot be called. ` +
      'Export a function that creates and uses an instance, and submit that.',
  );
}

function refusal(message: string, cause?: unknown): NotSerializableError {
  return new NotSerializableError('function', message, cause === undefined ? {} : { cause });
}

function titled(title: string, fn: AnyFunction): string {
  return fn.name === '' ? title.replace(/function$/u, 'unnamed function') : `${title} \`${fn.name}\``;
}
