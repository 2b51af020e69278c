/** Runs the functions of a definition, and says where they do what would make a search worthless. */
import { VerifyError } from './verify-error.ts';
import { ChanceError, withoutChance } from './without-chance.ts';

/** Runs a machine's guards, assigns and params at once. `where` begins the sentence of what is thrown. */
export function runPure<Result>(where: string, run: () => Result): Result {
  try {
    return withoutChance(run);
  } catch (error) {
    if (error instanceof VerifyError) throw error;
    if (error instanceof ChanceError) throw impure(where, error.message);
    throw new VerifyError(`${where}: a guard, an assign or params failed. ${String(error)}`, {
      cause: error,
    });
  }
}

/** A step that depends on more than its machine's context and its event. */
export function impure(where: string, what: string): VerifyError {
  return new VerifyError(
    `${where}: a guard, an assign or params ${what}, so the same step could go two ways. Put the ` +
      'value into the event, or ask for it with a command.',
  );
}
