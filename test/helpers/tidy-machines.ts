/** What keeps the machines pure data, as a function: it returns the places that break it. */
import { isNode, nameOf, type ParsedFile, placeOf, type SyntaxNode } from './tidy-source.ts';

/** What a definition may take from XState; the rest starts, sends or waits. */
const fromXState = new Set(['and', 'assign', 'cancel', 'not', 'or', 'raise', 'setup']);

/** Clocks, chance, and everything that happens later or elsewhere. */
const impureGlobals = new Set([
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'Date',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'Promise',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]);

const actorKeys = new Set(['actors', 'invoke', 'spawn']);

/** Effects, time, chance, promises, actors and final states in a machine. */
export function impurities(file: ParsedFile): readonly string[] {
  return file.nodes.flatMap((node) => {
    const fault = faultOf(node);
    return fault === undefined ? [] : [`${placeOf(file, node)} ${fault}`];
  });
}

function faultOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return importFault(node);
    case 'Identifier':
      return impureGlobals.has(String(node['name'])) ? `names ${nameOf(node)}` : undefined;
    case 'MemberExpression':
      return nameOf(node['object']) === 'Math' && nameOf(node['property']) === 'random'
        ? 'is random'
        : undefined;
    case 'AwaitExpression':
    case 'ImportExpression':
      return `has a ${node.type}`;
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return node['async'] === true ? 'is async' : undefined;
    case 'Property':
      return propertyFault(node);
    default:
      return undefined;
  }
}

function importFault({ source, specifiers }: SyntaxNode): string | undefined {
  if (!isNode(source) || source['value'] !== 'xstate' || !Array.isArray(specifiers)) return undefined;
  const names = specifiers.map((specifier: unknown) =>
    isNode(specifier) ? nameOf(specifier['imported']) : undefined,
  );
  const isForeign = (name: string | undefined): boolean => name === undefined || !fromXState.has(name);
  return names.some(isForeign) ? `takes more from xstate than ${[...fromXState].join(', ')}` : undefined;
}

function propertyFault({ key, value }: SyntaxNode): string | undefined {
  const name = nameOf(key);
  if (name !== undefined && actorKeys.has(name)) return `has \`${name}\``;
  return name === 'type' && isNode(value) && value['value'] === 'final' ? 'is a final state' : undefined;
}
