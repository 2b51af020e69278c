/** What a pattern declares, and what a value that is assigned to a variable gets its name from. */
import type { AnyNode, Pattern } from 'acorn';

/** The variables a pattern declares: `a`, `b` and `c` of `{ a, b: [c] = [] }`. */
export function patternNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    default:
      return [];
  }
}

/** Whether a function's parameters are just names. */
export function arePlainNames(parameters: readonly Pattern[]): boolean {
  return parameters.every(
    (pattern) =>
      pattern.type === 'Identifier' ||
      (pattern.type === 'RestElement' && pattern.argument.type === 'Identifier'),
  );
}

/** Whether it is a function or class that takes the name of the variable it is assigned to. */
export function isAnonymous(node: AnyNode): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  if (node.type !== 'FunctionExpression' && node.type !== 'ClassExpression') return false;
  return (node.id ?? null) === null;
}
