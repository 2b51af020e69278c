/** Where else a transition could lead, and whether it matters that a state is left and entered again. */
import type { AnyStateNode } from 'xstate';
import { around } from './state-nodes.ts';

/**
 * The states beside the target that will do, beginning with the one after it: the last is the one before it.
 * If none will do, those beside its parent.
 */
export function alternativesTo(
  target: AnyStateNode,
  willDo: (state: AnyStateNode) => boolean,
): AnyStateNode[] {
  const { parent } = target;
  if (parent === undefined) return [];
  const siblings = Object.values(parent.states);
  const at = siblings.indexOf(target);
  const others = [...siblings.slice(at + 1), ...siblings.slice(0, at)].filter(willDo);
  return others.length === 0 ? alternativesTo(parent, willDo) : others;
}

/** Whether going there is staying: nothing is left, nothing is entered. */
export function isSelfInPlace(source: AnyStateNode, target: AnyStateNode, reenter: boolean): boolean {
  return target === source && source.type !== 'compound' && !reenter;
}

/**
 * Whether `reenter` makes a difference: only a transition to its own state or into it can stay in that state,
 * and only if something happens as it is left or entered.
 */
export function reentryMatters(source: AnyStateNode, target: AnyStateNode): boolean {
  if (!around(target).includes(source)) return false;
  return source.entry.length + source.exit.length + source.initial.actions.length > 0;
}
