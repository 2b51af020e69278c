/** The machines of the parent's side, compiled once per process: the tables are the same for every pool. */
import { machines } from '../../machines/index.ts';
import { compile, type CompiledMachine } from '../runtime/compile.ts';

let compiled: Readonly<Record<'pool' | 'worker' | 'task', CompiledMachine>> | undefined;

export const compiledMachines = (): Readonly<Record<'pool' | 'worker' | 'task', CompiledMachine>> =>
  (compiled ??= {
    pool: compile(machines.pool),
    worker: compile(machines.worker),
    task: compile(machines.task),
  });
