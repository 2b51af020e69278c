/**
 * Where the child's side of this package is: the files that the build makes for children, or the modules
 * these are made of.
 */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fileAt = (place: string): string => fileURLToPath(new URL(place, import.meta.url));

export const childEntry: string = import.meta.url.endsWith('.ts')
  ? fileAt('../child/entry.ts')
  : fileAt(isBundleCurrent() ? '../child/entry.cjs' : '../child/entry.js');

/** While troupe itself is worked on, its modules may be newer. A package has no records of the compiler. */
function isBundleCurrent(): boolean {
  const builtMs = changedMs('../child/entry.cjs');
  const compiledMs = ['../../.src.tsbuildinfo', '../../.machines.tsbuildinfo'].map(changedMs);
  return builtMs > 0 && compiledMs.every((ms) => ms < builtMs);
}

/** Zero if there is no such file, or it may not be looked at. */
function changedMs(place: string): number {
  try {
    return statSync(new URL(place, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0;
  }
}
