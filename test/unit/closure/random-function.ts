/**
 * Makes random functions in which few names are declared and used again and again, in every kind of scope.
 */
import fc from 'fast-check';

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

const name = fc.constantFrom(...names);

type Texts = Record<'target' | 'expression' | 'statement' | 'block' | 'member', string>;

function joined(texts: fc.Arbitrary<string>, between: string, maxLength = 3): fc.Arbitrary<string> {
  return fc.array(texts, { maxLength }).map((parts) => parts.join(between));
}

/** A text with a part for each `_`. */
function filled(template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  const pieces = template.split('_');
  return fc
    .tuple(...parts)
    .map((texts) => pieces.map((piece, index) => piece + (texts[index] ?? '')).join(''));
}

/** Digits stand for names, each for another one. */
function distinct(template: string, ...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(filled(template.replaceAll(/\d/gu, '#$&'), ...parts), fc.nat(names.length - 1))
    .map(([text, shift]) =>
      text.replaceAll(/#(\d)/gu, (_, digit) => names[(Number(digit) + shift) % names.length] ?? ''),
    );
}

function patterns(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    name,
    distinct('{ 0, x: 1, [_]: 2 }', inner),
    distinct('{ 0 = _, x: { 1, y: 2 = _ }, ...3 }', inner, inner),
    distinct('[0, , 1 = _, [2], ...3]', inner),
  );
}

function parameterLists(inner: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constant(''),
    distinct('0, 1'),
    distinct('0 = _, 1 = _', inner, inner),
    distinct('0, { 1, [_]: 2 = _ }, ...[3]', inner, inner),
    patterns(inner),
  );
}

const { expression, statement } = fc.letrec<Texts>((tie) => {
  const tied = (key: keyof Texts): fc.Arbitrary<string> => tie(key);
  const inner = tied('expression');
  const statements = joined(tied('statement'), ' ');
  const pattern = patterns(inner);
  const parameters = parameterLists(inner);
  return {
    target: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'pattern' },
      name,
      filled('(_).x', inner),
      filled('{ _, x: _, y: _ = _ }', name, tied('target'), tied('target'), inner),
      filled('{ _ = _, ...(_) }', name, inner, name),
      filled('[_, , _ = _, ..._.x]', tied('target'), tied('target'), inner, name),
    ),
    expression: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'code' },
      name,
      filled('typeof _', name),
      filled('(_++, --_, _.a, _?.[_])', name, name, name, name, inner),
      filled('_(_)', name, inner),
      filled('_`a ${_}`', name, inner),
      filled('({ _, a: _, [_]: b, c() { _ } })', name, inner, inner, statements),
      filled('(_ = _)', tied('target'), inner),
      filled('(_ ??= _)', name, inner),
      filled('((_) => _)', parameters, inner),
      filled('(async (_) => { _ })', parameters, statements),
      filled('(function _(_) { _ })', fc.oneof(name, fc.constant('')), parameters, statements),
      filled('(class _ extends _ { _ })', fc.oneof(name, fc.constant('')), name, joined(tied('member'), ' ')),
    ),
    member: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'code' },
      filled('a = _;', inner),
      filled('static b = _;', inner),
      filled('c(_) { _ }', parameters, statements),
      filled('get [_]() { _ }', inner, statements),
      filled('static { _ }', statements),
    ),
    block: statements.map((text) => `{ ${text} }`),
    statement: fc.oneof(
      { maxDepth: 4, depthIdentifier: 'code' },
      filled('_;', inner),
      filled('_ _ = _;', fc.constantFrom('var', 'let', 'const'), pattern, inner),
      filled('function _(_) { _ }', name, parameters, statements),
      filled('class _ { _ }', name, joined(tied('member'), ' ')),
      tied('block'),
      filled('if (_) _ else _', inner, tied('block'), tied('block')),
      filled(
        'for (_ _ = _; _; _) _',
        fc.constantFrom('var', 'let'),
        name,
        inner,
        inner,
        inner,
        tied('block'),
      ),
      filled('for (_ _ of _) _', fc.constantFrom('var', 'let', 'const'), pattern, inner, tied('block')),
      filled('for (_ in _) _', name, inner, tied('block')),
      filled('switch (_) { case _: _ default: _ }', inner, inner, statements, statements),
      filled('try _ catch (_) _ finally _', tied('block'), pattern, tied('block'), tied('block')),
      distinct('0: for (;;) { _; break 0; }', inner),
    ),
  };
});

/** Texts of functions, many but not all of which are valid. */
export const randomFunction: fc.Arbitrary<string> = fc.oneof(
  filled('(_) => _', parameterLists(expression), expression),
  filled('async (_) => { _ }', parameterLists(expression), joined(statement, ' ', 5)),
  filled('function (_) { _ }', parameterLists(expression), joined(statement, ' ', 5)),
);
