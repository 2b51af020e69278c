/** The id of a unit of code: a hash of all the rest, so that nobody can pass one off as another. */
import process from 'node:process';
import type { CodeUnit } from './unit.ts';

/** What the id of such a unit is. */
export function unitIdOf(unit: Omit<CodeUnit, 'id'>): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(JSON.stringify(unit)).digest('base64url').slice(0, 16);
}
