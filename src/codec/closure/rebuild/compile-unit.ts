/**
 * Compiles the text of a function or class such that errors in it name the file, line and column it was
 * written at, and its variables can be given their values later, and again.
 */
import vm from 'node:vm';
import { type CodeUnit, cellName, unitNames } from '../unit.ts';
import type { Hatch } from '../hatch.ts';
import { defaultLoader } from './default-loader.ts';

/** What a unit's text is given when it becomes a function or class. */
export interface UnitInputs {
  /** `this` of the function around an arrow. */
  readonly lexicalThis: unknown;
  readonly importMeta: unknown;
  /** Stands for `import()` under the name a test tool gave it. */
  readonly importModule: unknown;
  readonly superclass: unknown;
  readonly keys: readonly unknown[];
  readonly hatch: Hatch;
  readonly cells: readonly unknown[];
}

/** Gives the unit's variables, and behind them its cells, their values. */
export type Bind = (values: readonly unknown[]) => void;

export interface UnitOutput {
  readonly made: unknown;
  /** The object literal around a method, getter or setter, whose prototype is where `super` looks. */
  readonly home: object | undefined;
  /** Absent without variables and cells. */
  readonly bind: Bind | undefined;
}

export type CompiledUnit = (inputs: UnitInputs) => UnitOutput;

/** A unit and what was compiled of it. */
export interface LoadedUnit {
  readonly unit: CodeUnit;
  readonly compiled: CompiledUnit;
}

type Factory = (this: unknown, ...given: unknown[]) => unknown;

const bindName = '$troupe_bind';
const valuesName = '$troupe_values';
const memberName = 'member';

/**
 * Compiled once, a unit makes any number of functions or classes. Throws SyntaxError for text that is not
 * code.
 */
export function compileUnit(unit: CodeUnit): CompiledUnit {
  const factory = compileFactory(unit);
  const isMember = unit.form === 'method' || unit.form === 'getter' || unit.form === 'setter';
  return ({ lexicalThis, importMeta, importModule, superclass, keys, hatch, cells }) => {
    let bind: Bind | undefined;
    const receive = (given: Bind): void => {
      bind = given;
    };
    const aliases = [
      ...(unit.importMetaName === undefined ? [] : [importMeta]),
      ...(unit.dynamicImportName === undefined ? [] : [importModule]),
    ];
    const given = [receive, importMeta, superclass, keys, hatch, memberName, ...aliases];
    const variables = unit.variables.map(() => undefined);
    const made = factory.apply(lexicalThis, [...given, ...variables, ...cells]);
    return isMember ? { ...memberOf(made, unit), bind } : { made, home: undefined, bind };
  };
}

function compileFactory(unit: CodeUnit): Factory {
  const names = [...unit.variables, ...unit.cells.map(cellName)];
  const sets = names.map((name, index) => `${name} = ${valuesName}[${index}];`).join(' ');
  const directive = unit.isStrict ? '"use strict"; ' : '';
  const binding = names.length === 0 ? '' : `${bindName}((${valuesName}) => { ${sets} }); `;
  const isExpression = unit.form === 'arrow' || unit.form === 'function' || unit.form === 'class';
  const [open, close] = isExpression ? ['return (', ')'] : ['return ({', '})'];
  const before = `${directive}${binding}${open}`;
  const made: unknown = vm.compileFunction(`${before}${unit.text}${close}`, parametersOf(unit, names), {
    filename: unit.url,
    lineOffset: unit.line,
    // All before the text stands on its first line, left of where the text was.
    columnOffset: unit.column - before.length,
    ...(unit.usesDynamicImport === true ? { importModuleDynamically: defaultLoader() } : {}),
  });
  if (isFactory(made)) return made;
  throw new TypeError('vm compiled no function');
}

/** Parameters, unlike declarations, may have any name that a variable had in the same mode. */
function parametersOf(unit: CodeUnit, names: readonly string[]): string[] {
  return [
    bindName,
    unitNames.importMeta,
    unitNames.superclass,
    unitNames.keys,
    unitNames.hatch,
    unitNames.memberKey,
    ...(unit.importMetaName === undefined ? [] : [unit.importMetaName]),
    ...(unit.dynamicImportName === undefined ? [] : [unit.dynamicImportName]),
    ...names,
  ];
}

/** Whatever its key, it is the only property of the object around it. */
function memberOf(home: unknown, { form }: CodeUnit): { made: unknown; home: object } {
  if (typeof home !== 'object' || home === null) throw new TypeError('a method has no object around it');
  const [key] = Reflect.ownKeys(home);
  const property = key === undefined ? undefined : Object.getOwnPropertyDescriptor(home, key);
  const part = form === 'getter' ? 'get' : form === 'setter' ? 'set' : 'value';
  const made: unknown = property?.[part];
  return { made, home };
}

function isFactory(value: unknown): value is Factory {
  return typeof value === 'function';
}
