/**
 * `exports` and `module.exports` of a CommonJS file that no child loads, such as the main script. Compilers
 * write them for every use of an export. They hold all that the file exports, and mostly very little of it is
 * needed.
 */
import { isPlainObject, ownValue } from '../../object-class.ts';
import { commonJsExport } from '../known.ts';
import type { FreeVariable } from '../source/function-source.ts';
import type { Scope } from '../v8/scope-reader.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import { memberSlot } from './namespace-members.ts';
import { mayImport } from './reference-policy.ts';

/** The slot of such a variable, if only members of the exports are used; undefined for any other variable. */
export function exportsSlot(
  use: FreeVariable,
  value: object,
  scope: Scope | undefined,
  capturing: Capturing,
): Slot | undefined {
  if (use.isAssigned || scope === undefined || !isModuleScope(scope)) return undefined;
  if (use.name === 'exports') {
    const names = exportsNamed(use);
    return names === undefined ? undefined : partOf(value, names, capturing);
  }
  return use.name === 'module' ? moduleSlot(use, value, capturing) : undefined;
}

/** `exports.name`, read or changed. */
function exportsNamed({ uses }: FreeVariable): string[] | undefined {
  const names = uses.map(({ member, changedMember }) => member ?? changedMember);
  return names.every((name) => name !== null) ? names : undefined;
}

/** The variable `module`, which knows all modules of the program. */
function moduleSlot({ uses }: FreeVariable, module: object, capturing: Capturing): Slot | undefined {
  const names = uses.map(({ member, innerMember }) => (member === 'exports' ? innerMember : null));
  if (!names.every((name) => name !== null)) return undefined;
  const exports = ownValue(module, 'exports');
  if (typeof exports !== 'object' || exports === null) return undefined;
  const slot = partOf(exports, names, capturing);
  return slot === undefined ? undefined : capturing.slotFor({ k: 'object', properties: ['exports', slot] });
}

/** What a child may load goes by reference. */
function partOf(exports: object, names: readonly string[], capturing: Capturing): Slot | undefined {
  const exported = commonJsExport(exports);
  if (!isPlainObject(exports) || (exported !== undefined && mayImport(exported.file, capturing)))
    return undefined;
  return capturing.slotOfPart(exports, names, (name) => memberSlot(exports, name, false, capturing));
}

/** The variables that Node gives each CommonJS file. */
function isModuleScope({ variables }: Scope): boolean {
  return (
    ['exports', 'require', '__filename'].every((name) => Object.hasOwn(variables, name)) &&
    typeof ownValue(Object(ownValue(variables, 'module')), 'filename') === 'string'
  );
}
