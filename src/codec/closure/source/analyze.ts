/**
 * Finds out from the text of a function or class all that `FunctionSource` tells. A text is analysed once.
 */
import { describeClass, indexInCode, keyOf } from './class-source.ts';
import { Findings, type Place } from './findings.ts';
import type { FunctionForm, FunctionSource } from './function-source.ts';
import { type ParsedFunction, parseFunction } from './parse.ts';
import { arePlainNames } from './patterns.ts';
import { RecentMap } from './recent-map.ts';
import { Scope } from './scope.ts';
import { Walk } from './walk.ts';
import { isStrictByDirective, walkBody, walkRootClass } from './walk-functions.ts';

// Bounded, as a program may make texts without end: templates, `new Function`.
const analyzed = new RecentMap<string, FunctionSource>(4000);

/** Analyses the text that `Function.prototype.toString` gave. Throws `SourceError`. */
export function analyze(text: string): FunctionSource {
  const known = analyzed.get(text);
  if (known !== undefined) return known;
  const source = analyzeAnew(text);
  analyzed.set(text, source);
  return source;
}

function analyzeAnew(text: string): FunctionSource {
  const parsed = parseFunction(text);
  const { node, offset } = parsed;
  const form = formOf(parsed);
  const findings = walked(parsed, form);
  const { variables, callsEval } = findings.resolve();
  const isFunction = node.type !== 'ClassExpression';
  const klass = isFunction ? null : describeClass(node, text, offset);
  const ownName = node.type === 'FunctionExpression' ? (node.id ?? null) : null;
  return {
    text,
    form,
    isAsync: isFunction && node.async,
    isGenerator: isFunction && node.generator,
    locatedAt: locationOf(parsed, text),
    ownName: ownName?.name ?? null,
    ownNameAt: ownName === null ? null : findings.rangeOf(ownName),
    variables,
    outer: { ...findings.outer, usesArguments: form === 'arrow' && variables.has('arguments') },
    usesHome: findings.usesHome,
    privateNames: [...findings.privateNames],
    callsEval,
    importMeta: findings.importMeta,
    importsDynamically: findings.importsDynamically,
    hasPlainParameters: isFunction ? arePlainNames(node.params) : (klass?.ctor?.hasPlainParameters ?? true),
    parameterCount: isFunction ? node.params.length : 0,
    memberKey: memberKeyOf(parsed, text),
    class: klass,
    isStrictByDirective: isFunction && isStrictByDirective(node.body),
  };
}

function formOf({ node, member }: ParsedFunction): FunctionForm {
  if (member === null) {
    if (node.type === 'ClassExpression') return 'class';
    return node.type === 'ArrowFunctionExpression' ? 'arrow' : 'function';
  }
  if (member.key.type === 'PrivateIdentifier') return 'privateMember';
  if (member.kind === 'get') return 'getter';
  return member.kind === 'set' ? 'setter' : 'method';
}

function walked({ node, offset, member }: ParsedFunction, form: FunctionForm): Findings {
  const findings = new Findings(offset);
  const walk = new Walk(findings);
  const place: Place = {
    scope: new Scope('variables', null),
    owner: 'outer',
    privateNames: [],
    isStrict: form === 'privateMember',
  };
  if (node.type === 'ClassExpression') walkRootClass(walk, node, place);
  else walkBody(walk, node, place, member === null ? 'inner' : 'method');
  return findings;
}

function memberKeyOf({ member, offset }: ParsedFunction, text: string): FunctionSource['memberKey'] {
  if (member === null) return null;
  const key = keyOf(member, text, offset);
  return 'private' in key ? { name: key.private } : key;
}

/**
 * V8 begins functions at their `(`, arrows at their start, and classes where their constructor or they begin.
 */
function locationOf({ node, member, offset }: ParsedFunction, text: string): number {
  if (member !== null) return member.value.start - offset;
  if (node.type === 'ArrowFunctionExpression') return 0;
  if (node.type === 'FunctionExpression') return indexInCode(text, '(', node.id ? node.id.end - offset : 0);
  const ctor = node.body.body.find((one) => one.type === 'MethodDefinition' && one.kind === 'constructor');
  return ctor?.type === 'MethodDefinition' ? ctor.value.start - offset : 0;
}
