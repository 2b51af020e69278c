/**
 * What a graph is made of while it is being found: nodes as they will be sent, functions whose text is not
 * settled yet, and values that cannot go.
 */
import type { Refusal } from '../../refusal.ts';
import type { ClassChoices } from '../source/class-edits.ts';
import type { FreeVariable, FunctionSource } from '../source/function-source.ts';
import type { Scope } from '../v8/scope-reader.ts';
import type { ClassNode, FunctionNode, GraphNode, Slot } from '../wire.ts';

/**
 * The slot of a node. All who refer to the node share the array, so that it can be numbered at the very
 * end.
 */
export type NodeSlot = [node: number];

/** A value that becomes a node. */
export interface Entry {
  /** null: it was made for the graph. */
  readonly value: object | symbol | null;
  readonly slot: NodeSlot;
  /** null until it is this value's turn. */
  draft: Draft | null;
}

export type Draft = GraphNode | CodeDraft | RefusedDraft;

/** A value that cannot go. That is only an error if a root needs it. */
export interface RefusedDraft {
  readonly k: 'refused';
  readonly refusal: Refusal;
}

/** A function or class that goes with its text. */
export interface CodeDraft {
  readonly k: 'code';
  readonly fn: object;
  readonly source: FunctionSource;
  readonly place: CodePlace;
  /** The node, but for its code and its variables. */
  readonly node: FunctionNode | ClassNode;
  readonly variables: readonly CapturedVariable[];
  readonly aliases: ModuleAliases;
  readonly members?: ClassChoices;
}

/** Where code was written, as V8 says, and what that means for it. */
export interface CodePlace {
  readonly url: string;
  readonly line: number;
  readonly column: number;
  readonly isStrict: boolean;
}

/** What a test tool has made of `import.meta` and `import()`. */
export interface ModuleAliases {
  importMetaName?: string;
  dynamicImportName?: string;
}

/** A variable of some code, and its value. */
export interface CapturedVariable {
  readonly use: FreeVariable;
  slot: Slot;
  /** undefined: it is nothing that others could share. */
  readonly home: VariableHome | undefined;
  /** It holds the function itself, which knows itself by its name as well. */
  readonly isSelf: boolean;
}

/** Where V8 found a variable. */
export interface VariableHome {
  readonly scriptId: string;
  /** The scope it is in, and those around that. */
  readonly scopes: readonly Scope[];
}

/** A variable as one function has it. */
export interface Occurrence {
  readonly draft: CodeDraft;
  readonly variable: CapturedVariable;
  readonly home: VariableHome;
}
