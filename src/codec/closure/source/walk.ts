/**
 * Walks the syntax tree of a function or class and tells `Findings` what it meets: declarations, each in its
 * scope, uses of variables, and uses of what only the function around it has.
 */
import type { AnyNode, AssignmentExpression, AssignmentProperty, CallExpression, Expression } from 'acorn';
import type { MemberExpression, MetaProperty, Pattern, Property, Statement } from 'acorn';
import type { UnaryExpression, VariableDeclaration } from 'acorn';
import type { Findings, Place, UseFacts } from './findings.ts';
import type { Range } from './function-source.ts';
import { walkClass, walkFunction } from './walk-functions.ts';
import { childrenOf } from './parse.ts';
import { isAnonymous, patternNames } from './patterns.ts';
import { Scope } from './scope.ts';

export class Walk {
  readonly findings: Findings;

  constructor(findings: Findings) {
    this.findings = findings;
  }

  visitAll(nodes: readonly (AnyNode | null | undefined)[], place: Place): void {
    for (const node of nodes) this.visit(node, place);
  }

  /** Visits statements that stand in a list, each of which begins behind another. */
  visitList(statements: readonly Statement[], place: Place): void {
    for (const statement of statements) {
      this.findings.listStatement(statement);
      this.visit(statement, place);
    }
  }

  visit(node: AnyNode | null | undefined, place: Place): void {
    if (node === null || node === undefined) return;
    switch (node.type) {
      case 'BreakStatement':
      case 'ContinueStatement':
        return;
      case 'Identifier':
        this.findings.refer(node, place, {});
        return;
      case 'ThisExpression':
        if (place.owner === 'outer') this.findings.outer.usesThis = true;
        return;
      case 'Super':
        if (place.owner === 'outer') this.findings.outer.usesSuper = true;
        else if (place.owner === 'method') this.findings.usesHome = true;
        return;
      case 'PrivateIdentifier':
        if (!place.privateNames.includes(node.name)) this.findings.privateNames.add(`#${node.name}`);
        return;
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        walkFunction(this, node, place);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        walkClass(this, node, place);
        return;
      case 'LabeledStatement':
        this.visit(node.body, place);
        return;
      case 'BlockStatement':
        this.visitList(node.body, within(place, 'block'));
        return;
      case 'SwitchCase':
        this.visit(node.test, place);
        this.visitList(node.consequent, place);
        return;
      default:
        this.#visitScoped(node, place);
    }
  }

  #visitScoped(node: AnyNode, place: Place): void {
    switch (node.type) {
      case 'SwitchStatement':
        this.visit(node.discriminant, place);
        this.visitAll(node.cases, within(place, 'block'));
        return;
      case 'CatchClause': {
        const inner = within(place, 'block');
        if (node.param) this.visitDeclared(node.param, inner, inner.scope);
        this.visit(node.body, inner);
        return;
      }
      case 'ForStatement':
        this.visitAll([node.init, node.test, node.update, node.body], within(place, 'block'));
        return;
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = within(place, 'block');
        if (node.left.type === 'VariableDeclaration') this.visit(node.left, inner);
        else this.visitTarget(node.left, inner);
        this.visitAll([node.right, node.body], inner);
        return;
      }
      case 'WithStatement':
        this.visit(node.object, place);
        this.visit(node.body, within(place, 'with'));
        return;
      case 'VariableDeclaration':
        this.#visitDeclaration(node, place);
        return;
      default:
        this.#visitExpression(node, place);
    }
  }

  #visitExpression(node: AnyNode, place: Place): void {
    switch (node.type) {
      case 'MemberExpression':
        this.#visitMember(node, place, true);
        return;
      case 'CallExpression':
        this.#visitCall(node, place);
        return;
      case 'TaggedTemplateExpression':
        this.#visitOperand(node.tag, place, { isCallee: true });
        this.visit(node.quasi, place);
        return;
      case 'UnaryExpression':
        this.#visitUnary(node, place);
        return;
      case 'AssignmentExpression':
        this.#visitAssignment(node, place);
        return;
      case 'UpdateExpression':
        this.visitTarget(node.argument, place);
        return;
      case 'Property':
        this.#visitProperty(node, place);
        return;
      case 'MetaProperty':
        this.#visitMeta(node, place);
        return;
      case 'ImportExpression':
        this.findings.importsDynamically = true;
        this.visitAll([node.source, node.options], place);
        return;
      default:
        this.visitAll(childrenOf(node), place);
    }
  }

  /**
   * What a pattern declares belongs to `scope`; its default values and computed keys are evaluated at
   * `place`.
   */
  visitDeclared(pattern: Pattern, place: Place, scope: Scope): void {
    scope.declare(patternNames(pattern));
    this.visitPattern(pattern, place, () => {});
  }

  /** What is assigned to. */
  visitTarget(target: Pattern | Expression, place: Place, facts: UseFacts = {}): void {
    this.visitPattern(target, place, (leaf, more) => {
      if (leaf.type === 'Identifier') this.findings.refer(leaf, place, { kind: 'write', ...facts, ...more });
      else if (leaf.type === 'MemberExpression') this.#visitMember(leaf, place, false);
      else this.visit(leaf, place);
    });
  }

  /** Visits the default values and computed keys of a pattern, and calls `atLeaf` with what gets a value. */
  visitPattern(
    pattern: Pattern | Expression,
    place: Place,
    atLeaf: (leaf: Pattern | Expression, facts: UseFacts) => void,
    facts: UseFacts = {},
  ): void {
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'Property' && property.computed) this.visit(property.key, place);
          const [inner, isShorthand] =
            property.type === 'Property' ? [property.value, property.shorthand] : [property.argument, false];
          this.visitPattern(inner, place, atLeaf, { isShorthand });
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.visitPattern(element, place, atLeaf);
        return;
      case 'RestElement':
        this.visitPattern(pattern.argument, place, atLeaf);
        return;
      case 'AssignmentPattern':
        this.visitPattern(pattern.left, place, atLeaf, { ...facts, named: this.#named(pattern) });
        this.visit(pattern.right, place);
        return;
      default:
        atLeaf(pattern, facts);
    }
  }

  #visitDeclaration({ kind, declarations }: VariableDeclaration, place: Place): void {
    for (const { id, init } of declarations) {
      if (kind === 'var') place.scope.declareVar(patternNames(id));
      else place.scope.declare(patternNames(id));
      this.visitPattern(id, place, () => {});
      this.visit(init, place);
    }
  }

  /** `isRead`: it is not assigned, updated or deleted, so that a copy of the member would do. */
  #visitMember(node: MemberExpression, place: Place, isRead: boolean): void {
    const { object, property } = node;
    const name = memberName(node);
    if (name === null) return this.visitAll([object, property], place);
    const outer = object.type === 'MemberExpression' ? object.object : null;
    const member = object.type === 'MemberExpression' ? memberName(object) : null;
    if (outer?.type === 'Identifier' && member !== null)
      this.findings.refer(outer, place, { member, innerMember: name });
    else this.#visitOperand(object, place, isRead ? { member: name } : { changedMember: name });
  }

  #visitCall(node: CallExpression, place: Place): void {
    const { callee, optional } = node;
    const isEval = !optional && callee.type === 'Identifier' && callee.name === 'eval';
    this.#visitOperand(callee, place, { isCallee: true, isEval });
    this.visitAll(node.arguments, place);
  }

  #visitUnary({ operator, argument }: UnaryExpression, place: Place): void {
    if (operator === 'typeof') this.#visitOperand(argument, place, { kind: 'typeof' });
    else if (operator !== 'delete') this.visit(argument, place);
    else if (argument.type === 'MemberExpression') this.#visitMember(argument, place, false);
    else this.#visitOperand(argument, place, { isCallee: true });
  }

  #visitAssignment(node: AssignmentExpression, place: Place): void {
    const namesIts = ['=', '&&=', '||=', '??='].includes(node.operator);
    this.visitTarget(node.left, place, namesIts ? { named: this.#named(node) } : {});
    this.visit(node.right, place);
  }

  #visitProperty({ key, value, computed, shorthand }: Property | AssignmentProperty, place: Place): void {
    if (computed) this.visit(key, place);
    this.#visitOperand(value, place, { isShorthand: shorthand });
  }

  #visitMeta({ meta, start, end }: MetaProperty, place: Place): void {
    if (meta.name === 'import') this.findings.importMeta.push(this.findings.rangeOf({ start, end }));
    else if (place.owner === 'outer') this.findings.outer.usesNewTarget = true;
  }

  /** An expression that is something particular if it is just a variable. */
  #visitOperand(node: AnyNode, place: Place, facts: UseFacts): void {
    if (node.type === 'Identifier') this.findings.refer(node, place, facts);
    else this.visit(node, place);
  }

  /** A target in parentheses gives no name. */
  #named(node: { readonly start: number; readonly left: AnyNode; readonly right: AnyNode }): Range | null {
    const { start, left, right } = node;
    return left.start === start && isAnonymous(right) ? this.findings.rangeOf(right) : null;
  }
}

/** The name of the member, if that is written out. */
function memberName({ property, computed }: MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
}

function within(place: Place, kind: 'block' | 'with'): Place {
  return { ...place, scope: new Scope(kind, place.scope) };
}
