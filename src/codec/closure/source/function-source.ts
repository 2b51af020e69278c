/**
 * What the text of one function or class says about itself: the variables it takes from around it, what else
 * of its surroundings it uses, and where in the text. All offsets count from the start of the function's own
 * text.
 */

/** A stretch of the text; `end` is the offset behind its last character. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** `privateMember`: a `#method`, `get #x` or `set #x`, which cannot live outside its class. */
export type FunctionForm = 'arrow' | 'function' | 'method' | 'getter' | 'setter' | 'class' | 'privateMember';

/** All that can be known about a function from its text alone. */
export interface FunctionSource {
  readonly text: string;
  readonly form: FunctionForm;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /**
   * Where in the text V8 says the function is: at the `(` of its parameters, but of an arrow at its start.
   */
  readonly locatedAt: number;
  /**
   * The name of a function declaration or a named function expression; which of the two, the text cannot say,
   * so that the name, if used, is among the free variables.
   */
  readonly ownName: string | null;
  readonly ownNameAt: Range | null;
  /**
   * Free variables, by name. What runs only once, when a class is defined or a computed key of a method is
   * evaluated, counts for nothing; the computed key of an instance field does count, as no one else knows it.
   */
  readonly variables: ReadonlyMap<string, FreeVariable>;
  readonly outer: OuterUse;
  /** Whether a method, getter or setter uses `super.x`, directly or in an arrow. */
  readonly usesHome: boolean;
  /** `#x` of a class around the text. */
  readonly privateNames: readonly string[];
  /** Whether it calls `eval` such that the called text sees the variables. */
  readonly callsEval: boolean;
  /** Each `import.meta`. */
  readonly importMeta: readonly Range[];
  readonly importsDynamically: boolean;
  /**
   * Whether its parameters are just names, so that nothing runs before its body does; a class: its
   * constructor's.
   */
  readonly hasPlainParameters: boolean;
  readonly parameterCount: number;
  /** The key of a method, getter or setter; the range is that of the key with its brackets. */
  readonly memberKey: { readonly name: string } | { readonly computed: Range } | null;
  readonly class: ClassSource | null;
  /** Whether its own body begins with 'use strict'. */
  readonly isStrictByDirective: boolean;
}

/**
 * What code uses of the function around it: only an arrow has that, and a class in the keys of its fields.
 */
export interface OuterUse {
  readonly usesThis: boolean;
  readonly usesSuper: boolean;
  readonly usesNewTarget: boolean;
  readonly usesArguments: boolean;
}

/** A variable that the text uses and does not declare. */
export interface FreeVariable {
  readonly name: string;
  readonly isAssigned: boolean;
  /** Every use is `typeof name`, which is safe even if there is no such variable. */
  readonly isOnlyTypeof: boolean;
  readonly hasTypeof: boolean;
  /** The names in all reads of the form `name.member`. */
  readonly members: ReadonlySet<string>;
  /** Whether some read is not of that form. */
  readonly isUsedWhole: boolean;
  /** Some use is in the body of a `with` statement, where the name may be a property of the object. */
  readonly isInWith: boolean;
  /**
   * Only strict code means a variable from outside: else each use is of a function declared in an inner
   * block.
   */
  readonly isOwnIfSloppy: boolean;
  /** In the order of the text. */
  readonly uses: readonly VariableUse[];
}

/** One place where a variable's name stands. */
export interface VariableUse extends Range {
  /** An update (`x++`, `x += 1`) is a write. */
  readonly kind: 'read' | 'write' | 'typeof';
  /** `member` of a read `name.member`, called or not, unless that is assigned, updated or deleted. */
  readonly member: string | null;
  /** `name` of a `member.name` that is read, or changed, in place: `variable.member.name`. */
  readonly innerMember: string | null;
  /** `member` of a `name.member` that is assigned, updated or deleted. */
  readonly changedMember: string | null;
  /** It stands for a key too: `{ name }`. */
  readonly isShorthand: boolean;
  /**
   * It is what is called, the tag of a template or what is deleted, where a property would mean something
   * else.
   */
  readonly isCallee: boolean;
  /** A statement of a list begins with it, and the statement before may have no semicolon. */
  readonly startsStatement: boolean;
  /** The function or class without a name that is assigned to it and so gets its name. */
  readonly named: Range | null;
}

/** What the text of a class is made of. */
export interface ClassSource {
  readonly name: string | null;
  /** From `{` to `}`. */
  readonly body: Range;
  readonly superclass: Range | null;
  /** In the order of the text. */
  readonly members: readonly ClassMember[];
  /** Names, with `#`, of the private fields that its instances have. */
  readonly privateFields: readonly string[];
  /** Whether its instances have private members, be they fields, methods or accessors. */
  readonly hasPrivateMembers: boolean;
  /** Names, with `#`, of its static private fields. */
  readonly privateStatics: readonly string[];
  /** Its constructor, if it is written out. */
  readonly ctor: ClassConstructor | null;
}

/** A constructor that is written out. */
export interface ClassConstructor {
  readonly hasPlainParameters: boolean;
  /** From the first parameter to the last; null if there is none. */
  readonly parameters: Range | null;
  /** The `length` of the class. */
  readonly length: number;
  /** Behind the `{` of its body. */
  readonly bodyStart: number;
}

/** A member of a class; its range is all of it, from `static` to its `;` if it has one. */
export interface ClassMember extends Range {
  readonly kind: 'method' | 'getter' | 'setter' | 'constructor' | 'field' | 'block';
  readonly isStatic: boolean;
  /** Null for a static block. The range is that of the key with its brackets; a private name has its `#`. */
  readonly key: MemberKey | null;
  /** The initialiser of a field. */
  readonly value: Range | null;
  /** The initialiser does nothing but make a constant or a function. */
  readonly isInert: boolean;
}

/** What a member of a class is called. */
export type MemberKey =
  | { readonly name: string }
  | { readonly computed: Range }
  | { readonly private: string };
