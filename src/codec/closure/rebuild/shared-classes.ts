/** Classes that every process has, and whose instances may be in a result. */

const classes: readonly (abstract new (...args: never) => object)[] = [
  Object,
  Array,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Date,
  RegExp,
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/** By their names, as they were when this was loaded. */
export const sharedClasses: ReadonlyMap<string, abstract new (...args: never) => object> = new Map(
  classes.map((made) => [made.name, made]),
);
