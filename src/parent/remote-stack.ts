/** Shows both sides of the boundary in one stack: where the task failed, and where it was submitted. */
import type { TaskEntry } from './ledger.ts';

/** What the stack calls the border between the two sides. */
export const boundaryOf = ({ workerId, name }: TaskEntry): string => `worker ${workerId}, ${name}()`;

/** Appends the frames of the call site. Anything that is not an error is returned as it is. */
export function withSite<Thrown>(
  thrown: Thrown,
  site: { readonly stack?: string | undefined } | undefined,
  boundary = '',
): Thrown {
  const frames = site?.stack;
  if (!(thrown instanceof Error) || frames === undefined) return thrown;
  const here = frames.slice(frames.indexOf('\n') + 1);
  const line = boundary === '' ? '' : `    at --- ${boundary}; submitted from: ---\n`;
  const own = boundary === '' ? thrown.stack?.split('\n    at ')[0] : thrown.stack;
  Object.defineProperty(thrown, 'stack', {
    value: `${own ?? String(thrown)}\n${line}${here}`,
    configurable: true,
    writable: true,
  });
  return thrown;
}
