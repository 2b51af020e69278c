/** Reads from the text in front of a function that it is exported, which spares most programs the parser. */
import type { FunctionOrigin } from './function-inspector.ts';

/**
 * The name in `export function name` or `export const name = …`, where that is what the line of the function
 * begins with. No comment or string can end between the two, so the word is code if the function is.
 */
export function writtenExport(fn: object, { source, line, column }: FunctionOrigin): string | undefined {
  const text = Function.prototype.toString.call(fn);
  const at = offsetOf(source, line) + column;
  const start = source.lastIndexOf(text, at);
  if (start === -1 || at >= start + text.length) return undefined;
  const before = source.slice(source.lastIndexOf('\n', start) + 1, start);
  if (before === 'export ') return /^(?:async )?function\*? (?<name>[\w$]+)\(/u.exec(text)?.groups?.['name'];
  return /^export const (?<name>[\w$]+) = $/u.exec(before)?.groups?.['name'];
}

function offsetOf(source: string, line: number): number {
  let offset = 0;
  for (let passed = 0; passed < line; passed += 1) offset = source.indexOf('\n', offset) + 1;
  return offset;
}
