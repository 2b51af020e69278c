/** The code of functions as it travels, and the names by which its text finds what it is given. */

/**
 * The text of a function or class, changed so that it can be compiled anywhere, and what to compile it with.
 */
export interface CodeUnit {
  /** A hash of all the rest. */
  readonly id: string;
  readonly text: string;
  readonly form: 'arrow' | 'function' | 'class' | 'method' | 'getter' | 'setter';
  /** The name under which a method, getter or setter defines itself. */
  readonly key?: string;
  /** Variables the text uses under their own names. */
  readonly variables: readonly string[];
  /** Variables the text uses as `cellName(variable).v`. */
  readonly cells: readonly string[];
  readonly isStrict: boolean;
  /** The file it was written in: a URL, or a plain path of CommonJS; empty if unknown. */
  readonly url: string;
  readonly line: number;
  readonly column: number;
  readonly usesImportMeta?: true;
  readonly usesDynamicImport?: true;
  /** Names that stand for `import.meta` and `import()` where a test tool compiled them away. */
  readonly importMetaName?: string;
  readonly dynamicImportName?: string;
}

/** What is given to any unit that needs it. */
export const unitNames = {
  importMeta: '$troupeMeta',
  superclass: '$troupeSuper',
  keys: '$troupeKeys',
  hatch: '$troupeHatch',
  memberKey: '$troupeMember',
} as const;

/** The name of the cell of a variable: its value is the property `v`. */
export function cellName(variable: string): string {
  return `$troupeCell_${variable}`;
}
