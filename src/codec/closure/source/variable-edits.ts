/** Makes a text use the cells of variables in place of the variables. */
import { cellName } from '../unit.ts';
import type { FreeVariable, VariableUse } from './function-source.ts';
import type { Edit } from './text-edits.ts';

/** Whether a variable of that name can only be had as a cell: no `let` may declare it everywhere. */
export function needsCell(name: string): boolean {
  return name === 'arguments' || name === 'eval' || name === 'let';
}

/** What turns each use of a variable into one of its cell. */
export function cellEdits({ name, uses }: FreeVariable): Edit[] {
  return uses.flatMap((use) => [
    { start: use.start, end: use.end, text: cellUse(name, use) },
    ...namingEdits(name, use),
  ]);
}

function cellUse(name: string, { isShorthand, isCallee, startsStatement }: VariableUse): string {
  const value = `${cellName(name)}.v`;
  // As an ordinary key `__proto__` would set the prototype.
  if (isShorthand) return `${name === '__proto__' ? `['__proto__']` : name}: ${value}`;
  // The comma takes the cell away as `this`. What stands before may have no semicolon, and would be called.
  if (isCallee) return `${startsStatement ? ';' : ''}(0, ${value})`;
  return value;
}

/** A function gets its name from a variable it is assigned to, and from a property it is the value of. */
function namingEdits(name: string, { named }: VariableUse): Edit[] {
  if (named === null || name === '__proto__') return [];
  return [{ ...named, before: `({ ${name}: `, after: ` }).${name}` }];
}
