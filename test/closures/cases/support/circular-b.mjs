/** Imports the module that imports it. */
import { first } from './circular-a.mjs';

export function second(depth) {
  return depth < 0 ? [] : ['second', ...first(depth - 1)];
}
