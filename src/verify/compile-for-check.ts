/** Compiles a definition for the checker: what it cannot explore is refused with what to write instead. */
import type { AnyStateMachine } from 'xstate';
import { compile, CompileError, type CompiledMachine } from '../runtime/compile.ts';
import { VerifyError } from './verify-error.ts';

const remedies: readonly (readonly [problem: RegExp, remedy: string])[] = [
  [
    /invoke|spawnChild|stopChild/u,
    'Make it a machine of the model, named in the topology, and let the two talk with sendTo; what a ' +
      'promise would bring comes as an event from outside: see `events`.',
  ],
  [/parallel/u, 'Make each region a machine of the model, and let them talk with sendTo.'],
  [/history/u, 'Keep in context where it was, and choose the target with guards.'],
  [
    /inline function/u,
    'Name it in setup({ actions }): then it is a command, and the environment gives it a meaning.',
  ],
  [/enqueueActions/u, 'Write one transition for each case, with a guard.'],
  [/xstate\.(?:log|emit)/u, 'Leave it out, or name it in setup({ actions }) as a command.'],
  [/not implemented/u, 'Implement it in setup().'],
  [/a final root/u, 'Put the final state inside the root.'],
  [/output of a machine/u, 'Send what it would return to whoever needs it, with sendTo.'],
];

export function compileForCheck(name: string, definition: AnyStateMachine): CompiledMachine {
  try {
    return compile(definition);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const where = error.state === '' ? 'its root' : `state '${error.state}'`;
    const [, remedy = ''] = remedies.find(([problem]) => problem.test(error.problem)) ?? [];
    throw new VerifyError(
      `Machine '${name}' cannot be explored: ${where} uses ${error.problem}. ${remedy}`.trimEnd(),
      { cause: error },
    );
  }
}
