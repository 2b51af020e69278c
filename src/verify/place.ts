/** Where something happens in a machine, in words. */

/** `state 'busy'`; a machine that has one state has no name for it. */
export function stateText(state: string): string {
  return state === '' ? 'its only state' : `state '${state}'`;
}
