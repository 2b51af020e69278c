/** Makes the cells in which functions share a variable. */
import { NotSerializableError } from '../../../errors.ts';
import type { CellNode } from '../wire.ts';
import { isObject, type MadeValues, pending } from './made-values.ts';

/** A cell without its value, or one that tells whoever uses it why it has none. */
export function makeCell(node: CellNode): object {
  if (!('refusal' in node)) return { v: undefined };
  const { path, message } = node.refusal;
  const refuse = (): never => {
    throw new NotSerializableError(path, message);
  };
  return Object.defineProperty({}, 'v', { get: refuse, set: refuse, enumerable: true });
}

/** False if the value was not made yet. */
export function fillCell(node: CellNode, cell: unknown, made: MadeValues): boolean {
  if ('refusal' in node || !isObject(cell)) return true;
  const value = made.read(node.value);
  return value !== pending && Reflect.set(cell, 'v', value);
}
