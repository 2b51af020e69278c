/** Turns a topology into sorts of ids and groups of cells, with those for mail and its losses. */
import type { Sort } from './layout.ts';
import { inboxOf, senderField } from './mail.ts';
import { VerifyError } from './verify-error.ts';
import type { BoundModel, Environment, Topology } from './model.ts';

/** The record that counts the letters that were lost. */
export const lossesRecord = 'letters lost';

/** Losses without end are not counted, or no moment would ever come again. */
export function countsLosses({ lettersLost = 0 }: Environment): boolean {
  return lettersLost > 0 && lettersLost < Infinity;
}

/** Sorts that nobody declared: one for each kind that has members with ids. */
export function sortsOf({ sorts, kinds, members }: Topology, isSymmetric: boolean): Record<string, Sort> {
  if (sorts !== undefined) {
    const senders = new Set(Object.values(kinds ?? {}));
    return Object.fromEntries(
      Object.entries(sorts).map(([name, sort]) => {
        const fields = senders.has(name) ? [...sort.fields, senderField(name)] : sort.fields;
        return [name, { ...sort, fields, isSymmetric: sort.isSymmetric && isSymmetric }];
      }),
    );
  }
  const made: Record<string, Sort> = {};
  for (const { kind, id = 0 } of members) {
    if (id === 0) continue;
    made[kind] = { count: Math.max(id, made[kind]?.count ?? 0), isSymmetric: false, fields: [] };
  }
  return made;
}

/** The sort of each kind's ids; `null` for a kind with one member. */
export function kindSortsOf(machines: readonly string[], topology: Topology): Map<string, string | null> {
  const kinds = topology.kinds ?? {};
  const withIds = new Set(topology.members.filter(({ id = 0 }) => id > 0).map(({ kind }) => kind));
  return new Map(
    machines.map((kind) => [
      kind,
      kinds[kind] ?? (topology.sorts === undefined && withIds.has(kind) ? kind : null),
    ]),
  );
}

export function groupsOf(
  kindSorts: ReadonlyMap<string, string | null>,
  { topology, environment }: BoundModel,
): Record<string, string | null> {
  const groups: Record<string, string | null> = {};
  for (const [kind, sort] of kindSorts) {
    groups[kind] = sort;
    if (topology.mail !== 'together') groups[inboxOf(kind)] = sort;
  }
  for (const [name, sort] of Object.entries({ ...topology.records, ...environment.records }))
    groups[name] = typeof sort === 'object' && sort !== null ? (kindSorts.get(sort.like) ?? null) : sort;
  if (countsLosses(environment)) groups[lossesRecord] = null;
  return groups;
}

const namePattern = /"(?<kind>[^":]+):[1-9]\d*"/gu;

/** Ids that stand as text would not be exchanged, and moments be taken for one that are not. */
export function refuseNames(kinds: ReadonlySet<string>): ((text: string) => void) | undefined {
  if (kinds.size === 0) return undefined;
  return (text) => {
    for (const { 0: name, groups } of text.matchAll(namePattern)) {
      const kind = groups?.['kind'] ?? '';
      if (!kinds.has(kind)) continue;
      throw new VerifyError(
        `The text ${name} stands in ${text}. Members of '${kind}' are symmetric, so their ids must ` +
          'stand as numbers, in fields that their sort names. Keep the number; make the name as you send.',
      );
    }
  };
}
