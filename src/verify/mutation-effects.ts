/** Which transitions can be changed without effect, as far as their definition alone tells. */
import type { AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { readReference } from '../runtime/definition-value.ts';
import type { TransitionSite } from './mutation-sites.ts';
import { around, ignoresOf } from './state-nodes.ts';

/** Whether a candidate before it has no guard, so that it is never tried. */
export function isDeadCandidate({ definitions, index }: TransitionSite): boolean {
  return definitions.slice(0, index).some(({ guard }) => guard === undefined);
}

/**
 * Whether the event means nothing, with the candidate or without it. The candidate does nothing and is the
 * last that takes the event: without it, or when its guard does not hold, the event falls to the catch-all
 * `*`, which only asks for `unexpected`. For an event in `meta.ignores` nobody hears that.
 */
export function meansNothing({ state, definitions, index }: TransitionSite): boolean {
  const definition = definitions[index];
  if (definition === undefined || !isInert(definition) || index < definitions.length - 1) return false;
  const type = String(definition.eventType);
  const chain = around(state);
  return (
    chain.some((one) => type in ignoresOf(one)) &&
    chain.every((one) => one === state || !one.transitions.has(type)) &&
    chain.every(hasOnlyCatchAll)
  );
}

function isInert({ target, actions }: AnyTransitionDefinition): boolean {
  return target === undefined && actions.length === 0;
}

/** Whether its only wildcard is a `*` that does no more than ask for `unexpected`. */
function hasOnlyCatchAll(state: AnyStateNode): boolean {
  return [...state.transitions].every(
    ([descriptor, transitions]) =>
      !descriptor.includes('*') || (descriptor === '*' && transitions.every(onlyReports)),
  );
}

function onlyReports({ target, actions }: AnyTransitionDefinition): boolean {
  const list: readonly unknown[] = actions;
  return target === undefined && list.every((action) => readReference(action)?.name === 'unexpected');
}
