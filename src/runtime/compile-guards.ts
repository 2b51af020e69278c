/** Turns the guard of a transition into one function that answers from the facts alone. */
import { and, not, or } from 'xstate';
import { CompileError, type Site } from './compile-error.ts';
import { isBuiltIn, isCallable, isRecord, readReference } from './definition-value.ts';
import type { Callable } from './definition-value.ts';
import type { Facts } from './facts.ts';

export type Guard = (facts: Facts) => boolean;

// XState gives its higher-order guards no name; what they evaluate with tells them apart.
const combinators = new Map<unknown, (guards: readonly Guard[]) => Guard>([
  [evaluatorOf(not('')), everyNot],
  [evaluatorOf(and([])), every],
  [evaluatorOf(or([])), some],
]);

/** `undefined` in, `undefined` out: the transition is always enabled. */
export function compileGuard(guard: unknown, state: Site): Guard | undefined {
  return guard === undefined ? undefined : resolve(guard, state);
}

function resolve(guard: unknown, state: Site): Guard {
  if (isCallable(guard)) return fromFunction(guard, undefined, state);
  const reference = readReference(guard);
  if (reference === undefined) throw new CompileError(state, 'a guard that is neither a name nor a function');
  const { guards } = state.machine.implementations;
  const implementation = isRecord(guards) ? guards[reference.name] : undefined;
  if (implementation === undefined) {
    throw new CompileError(state, `the guard '${reference.name}', which is not implemented`);
  }
  if (!isCallable(implementation)) return resolve(implementation, state);
  return fromFunction(implementation, reference.params, state);
}

function fromFunction(ask: Callable, params: unknown, state: Site): Guard {
  if (isBuiltIn(ask, 'check')) return combine(ask, state);
  if (isCallable(params)) return (facts) => Boolean(ask(facts, params(facts)));
  return (facts) => Boolean(ask(facts, params));
}

function combine(ask: Callable & Record<string, unknown>, state: Site): Guard {
  const combinator = combinators.get(ask['check']);
  const operands: unknown = ask['guards'];
  if (combinator === undefined || !Array.isArray(operands)) {
    throw new CompileError(state, `the built-in guard ${ask.name}, which is not supported`);
  }
  return combinator(operands.map((operand: unknown) => resolve(operand, state)));
}

function everyNot([guard]: readonly Guard[]): Guard {
  return (facts) => guard === undefined || !guard(facts);
}

function every(guards: readonly Guard[]): Guard {
  return (facts) => {
    for (const guard of guards) if (!guard(facts)) return false;
    return true;
  };
}

function some(guards: readonly Guard[]): Guard {
  return (facts) => {
    for (const guard of guards) if (guard(facts)) return true;
    return false;
  };
}

function evaluatorOf(guard: unknown): unknown {
  return isCallable(guard) ? Reflect.get(guard, 'check') : undefined;
}
