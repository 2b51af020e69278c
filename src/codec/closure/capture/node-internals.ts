/** Tells what Node's own scripts have made from what programs have. */
import { readFunctions } from '../v8/scope-reader.ts';
import { scriptUrl } from '../v8/scripts.ts';
import { withoutInspector } from './without-inspector.ts';

const found = new WeakMap<object, boolean>();

/** Whether a class or function is written in one of Node's own scripts, and not in the program. */
export function isMadeByNode(made: object): boolean {
  const known = found.get(made);
  if (known !== undefined) return known;
  const isNodes = withoutInspector(() => {
    const [facts] = readFunctions([made]);
    return typeof facts?.scriptId === 'string' && isNodeScript(scriptUrl(facts.scriptId));
  });
  if (isNodes !== undefined) found.set(made, isNodes);
  return isNodes === true;
}

/** Whether a script belongs to Node itself. */
export function isNodeScript(url: string): boolean {
  return url.startsWith('node:');
}
