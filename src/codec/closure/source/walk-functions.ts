/** Walks functions and classes, which have scopes, a `this` and private names of their own. */
import type { AnyNode, Class, Function as FunctionNode } from 'acorn';
import { isOnceOnly, type MemberNode } from './class-source.ts';
import type { Owner, Place } from './findings.ts';
import { patternNames } from './patterns.ts';
import { Scope } from './scope.ts';
import type { Walk } from './walk.ts';

/**
 * Walks a function that is part of the text: a declaration declares its name, an expression knows it inside.
 */
export function walkFunction(walk: Walk, node: FunctionNode, place: Place): void {
  const { id } = node;
  let { scope } = place;
  if (node.type === 'FunctionDeclaration') {
    if (id) declareFunction(walk, node, id.name, place);
  } else if (id) {
    scope = new Scope('block', scope);
    scope.declare([id.name]);
  }
  walkBody(walk, node, { ...place, scope }, 'inner');
}

/** Walks parameters and body. `owner` is whose `this` they have, unless it is an arrow. */
export function walkBody(walk: Walk, node: FunctionNode, place: Place, owner: Owner): void {
  const { params, body } = node;
  // Default values see the parameters, and nothing the body declares.
  const parameters = new Scope('block', place.scope);
  const inner: Place = { ...place, scope: parameters, isStrict: place.isStrict || isStrictByDirective(body) };
  const own: Place = node.type === 'ArrowFunctionExpression' ? inner : { ...inner, owner };
  if (node.type !== 'ArrowFunctionExpression') parameters.declare(['arguments']);
  parameters.declare(params.flatMap(patternNames));
  for (const parameter of params) walk.visitPattern(parameter, own, () => {});
  const bodyPlace = { ...own, scope: new Scope('variables', parameters) };
  if (body.type === 'BlockStatement') walk.visitList(body.body, bodyPlace);
  else walk.visit(body, bodyPlace);
}

/** Walks a class that is part of the text. */
export function walkClass(walk: Walk, node: Class & { readonly type: string }, place: Place): void {
  if (node.type === 'ClassDeclaration' && node.id) place.scope.declare([node.id.name]);
  const inner = insideClass(node, place);
  walk.visit(node.superClass, { ...inner, privateNames: place.privateNames });
  for (const member of node.body.body) {
    if (member.type !== 'StaticBlock' && member.computed) walk.visit(member.key, inner);
    walkMember(walk, member, inner);
  }
}

/** Walks the class that is all of the text, but for what only its definition runs. */
export function walkRootClass(walk: Walk, node: Class, place: Place): void {
  const inner = insideClass(node, place);
  for (const member of node.body.body) {
    if (isOnceOnly(member)) continue;
    if (member.type === 'PropertyDefinition' && member.computed) walk.visit(member.key, inner);
    walkMember(walk, member, inner);
  }
}

/** Whether a function's body begins with 'use strict'. */
export function isStrictByDirective(body: AnyNode): boolean {
  if (body.type !== 'BlockStatement') return false;
  for (const statement of body.body) {
    if (statement.type !== 'ExpressionStatement' || statement.directive === undefined) return false;
    if (statement.directive === 'use strict') return true;
  }
  return false;
}

function declareFunction(walk: Walk, node: FunctionNode, name: string, { scope, isStrict }: Place): void {
  scope.declare([name]);
  if (!isStrict && !node.async && !node.generator) walk.findings.declareInBlock(name, scope);
}

function insideClass({ id, body }: Class, place: Place): Place {
  const scope = new Scope('block', place.scope);
  if (id) scope.declare([id.name]);
  const names = body.body.flatMap((member) =>
    member.type !== 'StaticBlock' && member.key.type === 'PrivateIdentifier' ? member.key.name : [],
  );
  return { ...place, scope, privateNames: [...names, ...place.privateNames], isStrict: true };
}

/** Walks all of a member but its key. */
function walkMember(walk: Walk, member: MemberNode, place: Place): void {
  if (member.type === 'MethodDefinition') {
    walkBody(walk, member.value, place, 'inner');
    return;
  }
  const own: Place = { ...place, owner: 'inner', scope: new Scope('variables', place.scope) };
  if (member.type === 'StaticBlock') walk.visitList(member.body, own);
  else walk.visit(member.value, own);
}
