/**
 * The checks options are made of. What does not pass is an `InvalidOptionError` that names the option as a
 * path, shows what was given and says what is allowed.
 */
import { inspect } from 'node:util';
import { InvalidOptionError } from '../errors.ts';
import { nearestName } from './nearest-name.ts';

/** Where an option stands: the call ("createPool()") and the path in its options ("task.retries.times"). */
export interface OptionPlace {
  readonly where: string;
  readonly path: string;
}

/** What one option may be. It is never asked about `undefined`, which means "not given". */
export interface Check {
  /** What `accepts` accepts, in words. */
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  /** Looks into a value that was accepted, and throws. */
  readonly lookInside?: (value: unknown, place: OptionPlace) => void;
}

/** One check for every name that is allowed. */
export type Checks = Readonly<Record<string, Check>>;

/** Checks every name and every value of an options object; the names in `required` must be given. */
export function checkOptions(
  options: unknown,
  checks: Checks,
  place: OptionPlace,
  required: readonly string[] = [],
): void {
  const prefix = place.path === '' ? '' : `${place.path}.`;
  if (!isPlainObject(options)) throw refuse(options, place, 'an object of options');
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(checks, name)) throw unknownOption(name, prefix, place, checks);
  }
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = Reflect.get(options, name);
    const inner = { where: place.where, path: `${prefix}${name}` };
    const isFine = value === undefined ? !required.includes(name) : check.accepts(value);
    if (!isFine) throw refuse(value, inner, check.allowed);
    if (value !== undefined) check.lookInside?.(value, inner);
  }
}

function refuse(value: unknown, place: OptionPlace, allowed: string): InvalidOptionError {
  const { where, path } = place;
  const given = shortInspect(value);
  if (path === '') return new InvalidOptionError('options', `${where}: got ${given} instead of ${allowed}.`);
  return new InvalidOptionError(
    path,
    `${where}: the option \`${path}\` is ${given}, but it must be ${allowed}.`,
  );
}

function unknownOption(name: string, prefix: string, place: OptionPlace, checks: Checks): InvalidOptionError {
  const names = Object.keys(checks).filter((known) => checks[known] !== unavailable);
  const nearest = nearestName(name, names);
  const hint =
    nearest === undefined
      ? `The options here are ${names.map((known) => `\`${prefix}${known}\``).join(', ')}.`
      : `Did you mean \`${prefix}${nearest}\`?`;
  const path = `${prefix}${name}`;
  return new InvalidOptionError(path, `${place.where}: there is no option \`${path}\`. ${hint}`);
}

/** A whole number of at least `min`; `Infinity` only where `infinite` says so. */
export function wholeNumber({ min, infinite = false }: { min: number; infinite?: boolean }): Check {
  const allowed = `a whole number of ${min} or more${infinite ? ', or Infinity' : ''}`;
  const accepts = (value: unknown): boolean => {
    if (infinite && value === Infinity) return true;
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= min;
  };
  return { allowed, accepts };
}

/** A duration in milliseconds, fractions allowed; `Infinity` only where `infinite` says so. */
export function milliseconds(range: { from: 'zero' | 'above zero'; infinite?: boolean }): Check {
  const { from, infinite = false } = range;
  const least = from === 'zero' ? '0 or more' : 'more than 0';
  const allowed = `a number of milliseconds, ${least}${infinite ? '' : ', but not Infinity'}`;
  const accepts = (value: unknown): boolean => {
    if (typeof value !== 'number' || (value === Infinity && !infinite)) return false;
    return from === 'zero' ? value >= 0 : value > 0;
  };
  return { allowed, accepts };
}

/** Any number but NaN. */
export const anyNumber: Check = {
  allowed: 'a number',
  accepts: (value) => typeof value === 'number' && !Number.isNaN(value),
};

/** A `Date`, or milliseconds since 1970. */
export const moment: Check = {
  allowed: 'a valid Date or a number of milliseconds since 1970',
  accepts: (value) => (value instanceof Date || typeof value === 'number') && !Number.isNaN(Number(value)),
};

/** A string that is not empty. */
export const text: Check = {
  allowed: 'a string that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** `true` or `false`. */
export const flag: Check = { allowed: 'true or false', accepts: (value) => typeof value === 'boolean' };

/** A function. */
export const callable: Check = { allowed: 'a function', accepts: (value) => typeof value === 'function' };

/** An `AbortSignal`, also one from another realm. */
export const abortSignal: Check = {
  allowed: 'an AbortSignal',
  accepts: (value) => isPlainObject(value) && 'aborted' in value && 'addEventListener' in value,
};

/** An object whose values are strings. */
export const stringMap: Check = {
  allowed: 'an object of strings',
  accepts: (value) =>
    isPlainObject(value) &&
    Object.values(value).every((item) => item === undefined || typeof item === 'string'),
};

/** An array of anything. */
export const list: Check = { allowed: 'an array', accepts: (value) => Array.isArray(value) };

/** An array of strings. */
export const stringList: Check = {
  allowed: 'an array of strings',
  accepts: (value) => Array.isArray(value) && value.every((item: unknown) => typeof item === 'string'),
};

/** One of a few words. */
export function oneOf(...words: readonly string[]): Check {
  return {
    allowed: words.map((word) => `'${word}'`).join(' or '),
    accepts: (value) => typeof value === 'string' && words.includes(value),
  };
}

/** What one check or the other allows. */
export function either(first: Check, second: Check): Check {
  return {
    allowed: `${first.allowed} or ${second.allowed}`,
    accepts: (value) => first.accepts(value) || second.accepts(value),
    lookInside: (value, place) => {
      const check = first.accepts(value) ? first : second;
      check.lookInside?.(value, place);
    },
  };
}

/** An object of options with its own checks; the names in `required` must be given. */
export function nested(checks: Checks, required: readonly string[] = []): Check {
  return {
    allowed: 'an object of options',
    accepts: isPlainObject,
    lookInside: (value, place) => {
      checkOptions(value, checks, place, required);
    },
  };
}

/** What a check of an object of options allows, if at least one of them is given. */
export function someOf(check: Check): Check {
  return {
    ...check,
    lookInside: (value, place) => {
      check.lookInside?.(value, place);
      const isGiven = Object.values(Object(value)).some((item) => item !== undefined);
      if (!isGiven) throw refuse(value, place, 'an object with at least one of its options, or left out');
    },
  };
}

/** An option that is planned: naming it is an error that says so. */
export const unavailable: Check = {
  allowed: 'left out',
  accepts: () => true,
  lookInside: (_value, { where, path }) => {
    throw new InvalidOptionError(
      path,
      `${where}: the option \`${path}\` is not available in this version of troupe. Leave it out.`,
    );
  },
};

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** A value as messages show it. */
export function shortInspect(value: unknown): string {
  const shown = inspect(value, { depth: 1, breakLength: Infinity, maxStringLength: 60, maxArrayLength: 4 });
  return shown.length <= 100 ? shown : `${shown.slice(0, 99)}…`;
}
