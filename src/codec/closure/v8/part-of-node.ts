/** Tells functions of Node and of the language from those a program has put in their places. */
import { isNative } from '../../reference/builtin-exports.ts';
import { propertyOf } from './live-values.ts';
import { readFunctions } from './scope-reader.ts';
import { scriptUrl } from './scripts.ts';
import { InspectorUnavailable } from './session.ts';

const answers = new WeakMap<object, boolean>();

/**
 * Whether a function was written in V8 or in Node. Without the inspector, what has JavaScript text is
 * trusted.
 */
export function isPartOfNode(fn: object): boolean {
  const known = answers.get(fn);
  if (known !== undefined) return known;
  const found = isNative(fn) ? !isBound(fn) : wasWrittenInNode(fn);
  answers.set(fn, found);
  return found;
}

function isBound(fn: object): boolean {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' && name.startsWith('bound ');
}

function wasWrittenInNode(fn: object): boolean {
  try {
    const scriptId = propertyOf(readFunctions([fn])[0], 'scriptId');
    return typeof scriptId === 'string' && scriptUrl(scriptId).startsWith('node:');
  } catch (error) {
    if (error instanceof InspectorUnavailable) return true;
    throw error;
  }
}
