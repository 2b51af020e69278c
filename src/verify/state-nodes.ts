/** The states of a machine as XState resolves them: those in a state, those around it, what it ignores. */
import type { AnyStateNode } from 'xstate';
import { isRecord } from '../runtime/definition-value.ts';

/** The state and all in it, each before those inside. */
export function within(state: AnyStateNode): AnyStateNode[] {
  return [state, ...Object.values(state.states).flatMap(within)];
}

/** The state itself first, the root last. */
export function around(state: AnyStateNode): AnyStateNode[] {
  return state.parent === undefined ? [state] : [state, ...around(state.parent)];
}

/** The reasons for which the state itself drops events, by their type. */
export function ignoresOf(state: AnyStateNode): Readonly<Record<string, unknown>> {
  const meta: unknown = state.meta;
  const ignores = isRecord(meta) ? meta['ignores'] : undefined;
  return isRecord(ignores) ? ignores : {};
}
