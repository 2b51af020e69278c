/**
 * Symbols as they travel: by their name if they have one everywhere, else by the id their process gave
 * them.
 */
import type { SymbolNode } from '../wire.ts';
import { SymbolTable } from '../symbol-table.ts';

/** The symbols that this process has sent to its workers, or got from them. */
export const symbolIds: SymbolTable = new SymbolTable();

let wellKnown: ReadonlyMap<symbol, string> | undefined;

/** The node of a symbol; `idOf` gives its id if it has no name. */
export function symbolNode(symbol: symbol, idOf: (symbol: symbol) => string | undefined): SymbolNode {
  const key = Symbol.keyFor(symbol);
  if (key !== undefined) return { k: 'symbol', key };
  wellKnown ??= findWellKnown();
  const name = wellKnown.get(symbol);
  if (name !== undefined) return { k: 'symbol', wellKnown: name };
  const id = idOf(symbol) ?? symbolIds.idOf(symbol);
  const { description } = symbol;
  return description === undefined ? { k: 'symbol', id } : { k: 'symbol', id, description };
}

/** `Symbol.iterator` and its like. */
function findWellKnown(): ReadonlyMap<symbol, string> {
  const found = new Map<symbol, string>();
  for (const name of Object.getOwnPropertyNames(Symbol)) {
    const value: unknown = Object.getOwnPropertyDescriptor(Symbol, name)?.value;
    if (typeof value === 'symbol') found.set(value, name);
  }
  return found;
}
