/**
 * Decides what becomes of values that cannot be sent. Who needs one cannot be sent either, and if that is a
 * root, the capture fails. But what only a variable of a method holds is needed by nobody until the method
 * is called: then it fails there, in the same words.
 */
import { NotSerializableError } from '../../../errors.ts';
import { nodeOf } from '../edges.ts';
import type { Refused, Slot } from '../wire.ts';
import { type DraftEdge, draftEdges } from './draft-edges.ts';
import type { CapturedVariable, Entry } from './draft.ts';
import { Way } from './way.ts';

export interface Settled {
  /** The entries that a root needs. */
  readonly kept: ReadonlySet<number>;
  /** Variables whose values cannot be sent, and what to say to who reads them. */
  readonly refusals: ReadonlyMap<CapturedVariable, Refused>;
}

/** Throws NotSerializableError if a root cannot be sent. */
export function settleFailures(
  entries: readonly Entry[],
  roots: readonly Slot[],
  labels: readonly string[],
): Settled {
  const edges = entries.map((entry) => draftEdges(entry, entries));
  const starts = roots.flatMap((root, index): Way[] => {
    const at = nodeOf(root);
    return at === undefined ? [] : [new Way(at, null, labels[index] ?? `value ${index}`)];
  });
  const called = new Set(walk(starts, edges, (edge, from) => !isUncalled(edge, entries[from])).keys());
  const needed = (edge: DraftEdge, from: number): boolean =>
    edge.variable === null || (called.has(from) && !isClass(entries[from]));
  const bad = unsendable(entries, edges, needed);
  for (const start of starts)
    if (bad.has(start.at)) throw failure(refusedFrom(start, { entries, edges, needed }));
  return keepSendable(starts, { entries, edges, needed }, bad);
}

interface Needs {
  readonly entries: readonly Entry[];
  readonly edges: readonly (readonly DraftEdge[])[];
  /** Whether who has the edge needs what it leads to. */
  readonly needed: (edge: DraftEdge, from: number) => boolean;
}

/** A method, or a variable of a class, of which nobody knows whether it will be used. */
function isUncalled({ isMember, variable }: DraftEdge, from: Entry | undefined): boolean {
  return isMember || (variable !== null && isClass(from));
}

function isClass(entry: Entry | undefined): boolean {
  return entry?.draft?.k === 'code' && entry.draft.source.form === 'class';
}

/** The shortest way to each entry that can be reached. */
function walk(
  starts: readonly Way[],
  edges: Needs['edges'],
  mayFollow: (edge: DraftEdge, from: number) => boolean,
): Map<number, Way> {
  const ways = new Map<number, Way>();
  for (const start of starts) if (!ways.has(start.at)) ways.set(start.at, start);
  // A map goes on to what is added while it is walked.
  for (const way of ways.values())
    for (const edge of edges[way.at] ?? [])
      if (!ways.has(edge.to) && mayFollow(edge, way.at)) ways.set(edge.to, new Way(edge.to, way, edge.label));
  return ways;
}

/** All that needs a refused value, and these themselves. */
function unsendable(entries: readonly Entry[], edges: Needs['edges'], needed: Needs['needed']): Set<number> {
  const neededBy = new Map<number, number[]>();
  for (const [from, own] of edges.entries()) {
    for (const edge of own) {
      if (!needed(edge, from)) continue;
      const users = neededBy.get(edge.to);
      if (users === undefined) neededBy.set(edge.to, [from]);
      else users.push(from);
    }
  }
  const found = new Set(entries.flatMap(({ draft }, index) => (draft?.k === 'refused' ? [index] : [])));
  for (const index of found) for (const user of neededBy.get(index) ?? []) found.add(user);
  return found;
}

/** The error for the nearest refused value that is needed there. */
function refusedFrom(start: Way, { entries, edges, needed }: Needs): Refused {
  for (const way of walk([start], edges, needed).values()) {
    const draft = entries[way.at]?.draft;
    if (draft?.k !== 'refused') continue;
    const { what, advice, suffix } = draft.refusal;
    const path = `${way.text()}${suffix}`;
    return { path, message: `${path} cannot be sent to another process: it is ${what}. ${advice}` };
  }
  throw new TypeError('nothing that cannot be sent is needed there');
}

function failure({ path, message }: Refused): NotSerializableError {
  return new NotSerializableError(path, message);
}

function keepSendable(starts: readonly Way[], needs: Needs, bad: ReadonlySet<number>): Settled {
  const ways = walk(starts, needs.edges, ({ to }) => !bad.has(to));
  const refusals = new Map<CapturedVariable, Refused>();
  for (const way of ways.values())
    for (const { variable, to, label } of needs.edges[way.at] ?? [])
      if (variable !== null && bad.has(to))
        refusals.set(variable, refusedFrom(new Way(to, way, label), needs));
  return { kept: new Set(ways.keys()), refusals };
}
