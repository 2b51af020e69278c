/** Imports the module that imports it. */
import { second } from './circular-b.mjs';

export function first(depth) {
  return depth < 0 ? [] : ['first', ...second(depth - 1)];
}
