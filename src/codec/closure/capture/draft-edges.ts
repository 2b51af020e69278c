/** Which drafts a draft holds on to, and how much it needs them. */
import { type Edge, edgesOf, nodeOf } from '../edges.ts';
import type { CapturedVariable, Draft, Entry } from './draft.ts';

export interface DraftEdge extends Edge {
  /** The variable of some code, if it is one. */
  readonly variable: CapturedVariable | null;
  /** It leads from an object to a method of it, which may never be called. */
  readonly isMember: boolean;
}

const noUnits = new Map<string, never>();

/** All steps from an entry to others. */
export function draftEdges({ draft }: Entry, entries: readonly Entry[]): DraftEdge[] {
  if (draft === null || draft.k === 'refused') return [];
  const node = draft.k === 'code' ? draft.node : draft;
  const holdsItems = /^(?:array|map|set)$/u.test(node.k);
  const edges = edgesOf(node, { nodes: entries }, noUnits).map(({ label, to }): DraftEdge => {
    const isMember = !holdsItems && !label.startsWith(' → ') && isCode(entries[to]?.draft);
    return { label, to, variable: null, isMember };
  });
  return draft.k === 'code'
    ? [...edges, ...draft.variables.flatMap((variable) => variableEdge(variable))]
    : edges;
}

function variableEdge(variable: CapturedVariable): DraftEdge[] {
  const to = nodeOf(variable.slot);
  return to === undefined ? [] : [{ label: ` → ${variable.use.name}`, to, variable, isMember: false }];
}

function isCode(draft: Draft | null | undefined): boolean {
  return draft?.k === 'code' || draft?.k === 'bound' || draft?.k === 'promisified';
}
