/** Hand-written graphs and units, and a Rebuilder to try them with. */
import type { GraphNode, Slot } from '../../../src/codec/closure/wire.ts';
import { type CodeUnit, cellName } from '../../../src/codec/closure/unit.ts';
import { Rebuilder } from '../../../src/codec/closure/rebuild/rebuilder.ts';
import type { RebuildPorts } from '../../../src/codec/closure/rebuild/rebuild-ports.ts';

type Names =
  | 'ZERO'
  | 'a'
  | 'aborted'
  | 'add'
  | 'again'
  | 'both'
  | 'buffer'
  | 'byteLength'
  | 'count'
  | 'depth'
  | 'dirname'
  | 'double'
  | 'extra'
  | 'filename'
  | 'four'
  | 'get'
  | 'getTime'
  | 'greet'
  | 'has'
  | 'hidden'
  | 'href'
  | 'inc'
  | 'is'
  | 'keys'
  | 'kind'
  | 'lastIndex'
  | 'list'
  | 'm'
  | 'main'
  | 'message'
  | 'n'
  | 'next'
  | 'old'
  | 'origin'
  | 'other'
  | 'pair'
  | 'reason'
  | 'resolve'
  | 'signal'
  | 'size'
  | 'source'
  | 'speak'
  | 'stack'
  | 'three'
  | 'two'
  | 'type'
  | 'url'
  | 'value'
  | 'x';

/** A value of which a test knows what it is, and the compiler only what may be asked of it. */
export interface Made extends Iterable<Made>, AsyncIterable<Made>, Readonly<Record<Names, Made>> {
  (...given: unknown[]): Made;
}

/** The same for an asynchronous function. */
export type MadeAsync = (...given: unknown[]) => Promise<unknown>;

/** The same for a class. */
export type MadeClass = Made & (new (...given: unknown[]) => Made);

export const here: string = import.meta.url;

const ports: RebuildPorts = {
  importModule: (specifier, from) =>
    import(from === null || !specifier.startsWith('.') ? specifier : new URL(specifier, from).href),
  signal: () => new AbortController().signal,
  pool: () => ({}),
};

/** A unit whose id is its text, unless said otherwise. */
export function unit(text: string, rest: Partial<CodeUnit> = {}): CodeUnit {
  const form = /^class\b/u.test(text) ? 'class' : /^(?:async )?function\b/u.test(text) ? 'function' : 'arrow';
  return {
    id: text,
    text,
    form,
    variables: [],
    cells: [],
    isStrict: true,
    url: here,
    line: 0,
    column: 0,
    ...rest,
  };
}

export function rebuilder(units: readonly CodeUnit[] = [], others: Partial<RebuildPorts> = {}): Rebuilder {
  const made = new Rebuilder({ ...ports, ...others });
  for (const each of units) made.addUnit(each);
  return made;
}

/** The only value of a graph, which is node 0 unless said otherwise. */
export function only<T = Made>(made: Rebuilder, nodes: readonly GraphNode[], root: Slot = [0]): T {
  const values = made.rebuild({ nodes, roots: [root] }, []);
  if (values instanceof Promise) throw new Error('this graph was expected to need no import');
  return values[0] as T;
}

/** The value of one unit, as a function that captures nothing but `values`. */
export function fn<T = Made>(
  text: string,
  rest: Partial<CodeUnit> = {},
  values: readonly Slot[] = [],
  name = '',
): T {
  const code = unit(text, rest);
  return only<T>(rebuilder([code]), [{ k: 'function', code: code.id, name, values }]);
}

/** The text of a use of a variable's cell. */
export function cell(name: string): string {
  return `${cellName(name)}.v`;
}
