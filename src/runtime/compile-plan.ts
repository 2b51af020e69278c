/**
 * Works out, once per (state, transition), what taking the transition from that state comes to:
 * which states are left and entered, and so which actions run, in XState's order.
 */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { compileAction } from './compile-actions.ts';
import type { Operation, Perform } from './compile-actions.ts';
import { CompileError } from './compile-error.ts';
import { isCallable } from './definition-value.ts';
import { compileGuard } from './compile-guards.ts';
import type { Guard } from './compile-guards.ts';

/** What a plan was made of, as the definition has it. */
export interface Sources {
  readonly guard: unknown;
  readonly actions: readonly unknown[];
}

/** A transition as it is taken from one atomic state. */
export interface Plan {
  readonly guard: Guard | undefined;
  /** The descriptor it is listed under: an event type, `a.*` or `*`; empty for an eventless transition. */
  readonly descriptor: string;
  readonly performs: readonly Perform[];
  readonly sources: Sources;
  /** The atomic state it ends in. */
  readonly end: AnyStateNode;
  /** Whether XState would make a new snapshot: only then are eventless transitions looked at again. */
  readonly changes: boolean;
}

export function planTransition(from: AnyStateNode, transition: AnyTransitionDefinition): Plan {
  const { source, reenter } = transition;
  const targets = transition.target ?? [];
  if (targets.length > 1) throw new CompileError(source, 'a transition with more than one target');
  const [target] = targets;
  const operations: Operation[] = [];
  let end = from;
  if (target === undefined) {
    operations.push(...compileAll(transition.actions, source));
  } else {
    const domain = domainOf(source, target, reenter);
    for (const state of pathFromRoot(from, domain).toReversed()) operations.push(...onExit(state));
    operations.push(...compileAll(transition.actions, source));
    const staysInTarget = target === source && target === domain;
    operations.push(...enter(target, domain, !staysInTarget));
    end = initialLeaf(target);
  }
  return {
    guard: compileGuard(transition.guard, source),
    descriptor: String(transition.eventType),
    ...finish(operations, end, transition.guard),
    changes: end !== from || operations.some((operation) => operation.assigns),
  };
}

/** Entering the machine for the first time. */
export function planStart(root: AnyStateNode): Pick<Plan, 'performs' | 'sources' | 'end'> {
  return finish(enter(root, undefined, true), initialLeaf(root));
}

/** A final child of the root ends the machine. */
export function isEnd(state: AnyStateNode): boolean {
  return state.type === 'final' && state.parent !== undefined && state.parent.parent === undefined;
}

/** The states around and including this one, the root first; only those inside `domain` if there is one. */
export function pathFromRoot(state: AnyStateNode, domain?: AnyStateNode): AnyStateNode[] {
  const path: AnyStateNode[] = [];
  for (
    let next: AnyStateNode | undefined = state;
    next !== undefined && next !== domain;
    next = next.parent
  ) {
    path.unshift(next);
  }
  return path;
}

/** The machine leaves every state it is in when it ends. */
function finish(
  operations: readonly Operation[],
  end: AnyStateNode,
  guard?: unknown,
): Pick<Plan, 'performs' | 'sources' | 'end'> {
  const last = isEnd(end) ? pathFromRoot(end).toReversed().flatMap(onExit) : [];
  const all = [...operations, ...last];
  return {
    performs: all.map((operation) => operation.perform),
    sources: { guard, actions: all.map((operation) => operation.source) },
    end,
  };
}

/** The innermost state that is neither left nor entered; `undefined` if the root itself is. */
function domainOf(source: AnyStateNode, target: AnyStateNode, reenter: boolean): AnyStateNode | undefined {
  if (!reenter && (target === source || isInside(target, source))) return source;
  const common = pathFromRoot(target)
    .toReversed()
    .find((state) => state !== target && isInside(source, state));
  if (common !== undefined) return common;
  return reenter ? undefined : source.machine.root;
}

/**
 * Entering the states between `domain` and `target`, then `target` and the initial states in it. Only the
 * latter are entered "by default", which runs the actions of their `initial` transitions.
 */
function enter(target: AnyStateNode, domain: AnyStateNode | undefined, withTarget: boolean): Operation[] {
  const operations: Operation[] = [];
  if (withTarget) {
    const around = target.parent === undefined ? [] : pathFromRoot(target.parent, domain);
    for (const state of around) operations.push(...compileAll(state.entry, state));
    operations.push(...enterByDefault(target));
  }
  let state = target;
  while (state.type === 'compound') {
    state = initialChild(state);
    operations.push(...enterByDefault(state));
  }
  return operations;
}

function enterByDefault(state: AnyStateNode): Operation[] {
  return [
    ...compileAll(state.entry, state),
    ...compileAll(state.initial.actions, state),
    ...reportCompletion(state),
  ];
}

/** Entering a final state tells its parent. */
function reportCompletion(state: AnyStateNode): Operation[] {
  const { parent } = state;
  if (state.type !== 'final' || parent === undefined) return [];
  const type = `xstate.done.state.${parent.id}`;
  const output: unknown = state.output;
  const perform: Perform = (facts, _outbox, raised) => {
    const event = { type, output: isCallable(output) ? output(facts) : output };
    raised.push(event);
  };
  return [{ perform, assigns: false }];
}

function onExit(state: AnyStateNode): Operation[] {
  return compileAll(state.exit, state);
}

function compileAll(actions: readonly unknown[], state: AnyStateNode): Operation[] {
  return actions.map((action) => compileAction(action, state));
}

function initialLeaf(state: AnyStateNode): AnyStateNode {
  let leaf = state;
  while (leaf.type === 'compound') leaf = initialChild(leaf);
  return leaf;
}

function initialChild(state: AnyStateNode): AnyStateNode {
  const [child] = state.initial.target;
  if (child === undefined) throw new CompileError(state, 'no initial state');
  return child;
}

function isInside(state: AnyStateNode, container: AnyStateNode): boolean {
  for (let next = state.parent; next !== undefined; next = next.parent) if (next === container) return true;
  return false;
}
