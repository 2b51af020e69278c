/**
 * The child's machine, compiled. In the files built for children this one is replaced by a table, and XState
 * is not there.
 */
import { childMachine } from '../../machines/child/machine.ts';
import { compile, type CompiledMachine } from '../runtime/compile.ts';

export type { ChildEvent } from '../../machines/child/machine.ts';

export const compiledChild = (): CompiledMachine => compile(childMachine);
