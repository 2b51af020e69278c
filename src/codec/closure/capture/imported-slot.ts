/** What a module imports goes by reference, so that a child imports it, too. */
import { isBuiltin } from 'node:module';
import { globalPath } from '../known.ts';
import type { ImportBinding } from '../v8/scripts.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { isPackageModule, mayImport } from './reference-policy.ts';
import { refusePackagePrivates } from './refusals.ts';

/** The slot of an imported object or function; undefined if it goes by value, or by a shorter way. */
export function importedSlot(
  value: object,
  { specifier, name, attributes }: ImportBinding,
  from: string,
  capturing: Capturing,
): Slot | undefined {
  if (capturing.options.isPool?.(value) === true || globalPath(value) !== undefined) return undefined;
  if (isBuiltin(specifier))
    return capturing.slotAs(value, { k: 'module', specifier: builtinSpecifier(specifier), name, from: null });
  const url = /^(?:\.{0,2}\/|file:)/u.test(specifier) ? resolved(specifier, from) : undefined;
  if (url !== undefined && !mayImport(url, capturing)) return undefined;
  if (capturing.byValue.has(value))
    return isPackageModule(specifier, from) ? capturing.refuse(refusePackagePrivates(value)) : undefined;
  return capturing.slotAs(value, {
    k: 'module',
    specifier,
    name,
    from,
    ...(attributes === null ? {} : { attributes }),
  });
}

function builtinSpecifier(specifier: string): string {
  return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
}

function resolved(specifier: string, from: string): string | undefined {
  try {
    return new URL(specifier, from).href;
  } catch {
    return undefined;
  }
}
