/** Functions that Node itself makes for programs: the `require` of a module, and what `promisify` gives. */
import { ownValue } from '../../object-class.ts';
import { type Capturing, refused } from './capturing.ts';
import type { Draft } from './draft.ts';
import type { Located } from './locate.ts';
import { refuseMadeByNode } from './refusals.ts';
import { findVariable } from './variables.ts';

/** What becomes of a function from one of Node's own scripts. */
export function nodeFunctionDraft({ fn, facts, place }: Located, capturing: Capturing): Draft {
  const valueOf = (name: string): unknown => findVariable(facts?.scopes ?? [], name)?.value;
  const filename = fileOf(valueOf('mod'));
  if (ownValue(fn, 'name') === 'require' && filename !== undefined) return { k: 'require', file: filename };
  const original = place.url === 'node:internal/util' ? valueOf('original') : undefined;
  if (typeof original === 'function') return { k: 'promisified', target: capturing.slotOf(original) };
  return refused(refuseMadeByNode(fn, place.url));
}

function fileOf(loaded: unknown): string | undefined {
  if (typeof loaded !== 'object' || loaded === null) return undefined;
  const filename = ownValue(loaded, 'filename');
  return typeof filename === 'string' ? filename : undefined;
}
