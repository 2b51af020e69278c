/** The variables a function or class needs from around it, and their values as they are now. */
import { types } from 'node:util';
import type { FreeVariable, FunctionSource } from '../source/function-source.ts';
import type { FunctionFacts } from '../v8/scope-reader.ts';
import { importsOf } from '../v8/scripts.ts';
import { builtinExport, isNodeGlobal, isPristineGlobal } from '../known.ts';
import type { Slot } from '../wire.ts';
import type { Capturing } from './capturing.ts';
import type { CapturedVariable, ModuleAliases } from './draft.ts';
import { exportsSlot } from './commonjs-exports.ts';
import { importedSlot } from './imported-slot.ts';
import { isDeclaration } from './is-declaration.ts';
import { isNamespaceLike, membersSlot } from './namespace-members.ts';
import { refuseGetter, refuseModule, refuseUninitialised, refuseUninspectable } from './refusals.ts';
import { findVariable, type FoundVariable } from './variables.ts';

/** Code whose variables are looked up. */
export interface Surrounded {
  readonly fn: object;
  readonly source: FunctionSource;
  /** undefined: nobody knows its variables. */
  readonly facts: FunctionFacts | undefined;
  readonly url: string;
}

export interface Environment {
  readonly variables: readonly CapturedVariable[];
  readonly aliases: ModuleAliases;
}

/** The captured variables; what a child has by itself is not among them. */
export function environmentOf(code: Surrounded, capturing: Capturing): Environment {
  const variables: CapturedVariable[] = [];
  const aliases: ModuleAliases = {};
  for (const use of code.source.variables.values()) {
    if (use.name === '__vite_ssr_import_meta__') aliases.importMetaName = use.name;
    else if (use.name === '__vite_ssr_dynamic_import__') aliases.dynamicImportName = use.name;
    else {
      const variable = captured(use, code, capturing);
      if (variable !== undefined) variables.push(variable);
    }
  }
  return { variables, aliases };
}

function captured(use: FreeVariable, code: Surrounded, capturing: Capturing): CapturedVariable | undefined {
  const { fn, source, facts } = code;
  const { name } = use;
  const isOwnName = name === source.ownName;
  if (facts === undefined) return isOwnName ? undefined : uninspected(use, capturing);
  const found = findVariable(facts.scopes, name);
  if (found === undefined) {
    const isKnown = isOwnName || use.hasTypeof || isNodeGlobal(name);
    if (!isKnown) capturing.unresolved.add(name);
    return undefined;
  }
  const isGlobal = found.scopes[0]?.kind === 'Global';
  if (isGlobal && isPristineGlobal(name)) return undefined;
  const home = { scriptId: facts.scriptId ?? '', scopes: found.scopes };
  if (isOwnName) {
    if (found.value === fn) return { use, slot: capturing.slotOf(fn), home, isSelf: true };
    if (!isDeclaration(fn, source, facts)) return undefined;
  }
  return { use, slot: slotOfVariable(use, found, code, capturing), home, isSelf: false };
}

/** Without an inspector, names that every process has are taken to mean what they mean everywhere. */
function uninspected(use: FreeVariable, capturing: Capturing): CapturedVariable | undefined {
  if (use.isOnlyTypeof || isNodeGlobal(use.name)) return undefined;
  return { use, slot: capturing.refuse(refuseUninspectable()), home: undefined, isSelf: false };
}

function slotOfVariable(
  use: FreeVariable,
  { value, failure, scopes }: FoundVariable,
  { facts, url }: Surrounded,
  capturing: Capturing,
): Slot {
  if (failure !== null)
    return capturing.refuse(failure === 'getter' ? refuseGetter() : refuseUninitialised());
  if (!isObjectLike(value)) return capturing.slotOf(value);
  const ofExports = exportsSlot(use, value, scopes[0], capturing);
  if (ofExports !== undefined) return ofExports;
  if (types.isProxy(value))
    return isNamespaceLike(use, value) ? membersSlot(use, value, capturing) : capturing.slotOf(value);
  const scriptId = facts?.scriptId ?? '';
  const binding = scopes[0]?.kind === 'Module' ? importsOf(scriptId).get(use.name) : undefined;
  if (binding !== undefined) {
    const imported = importedSlot(value, binding, url, capturing);
    if (imported !== undefined) return imported;
  }
  if (capturing.has(value) || builtinExport(value) !== undefined) return capturing.slotOf(value);
  if (isNamespaceLike(use, value)) return membersSlot(use, value, capturing);
  return types.isModuleNamespaceObject(value) ? capturing.refuse(refuseModule()) : capturing.slotOf(value);
}

function isObjectLike(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
