/**
 * Where in the row of numbers each part of a system stands: one cell per member of a kind of machine, and one
 * per record of the environment.
 */
import { VerifyError } from './verify-error.ts';

/** Ids of one sort: which may be exchanged for each other, and in which fields they are written. */
export interface Sort {
  /** Ids go from 1 to this. A sort with one member has the id 0. */
  readonly count: number;
  /** Whether a moment in which two ids are exchanged is the same moment. */
  readonly isSymmetric: boolean;
  /** The names of the fields that hold ids of this sort, alone or in a list, wherever they stand. */
  readonly fields: readonly string[];
}

export interface Layout {
  readonly length: number;
  readonly groups: readonly Group[];
  /** The group of each cell. */
  readonly groupOf: readonly Group[];
}

/** Cells with one name: `worker` 1, `worker` 2 … */
export interface Group {
  readonly name: string;
  /** `null`: one cell, with the id 0. */
  readonly sort: string | null;
  readonly first: number;
  readonly count: number;
}

/** `groups`: the sort of each name's ids. Single cells come first: they tell moments apart soonest. */
export function layOut(
  sorts: Readonly<Record<string, Sort>>,
  groups: Readonly<Record<string, string | null>>,
): Layout {
  const made: Group[] = [];
  const groupOf: Group[] = [];
  const inOrder = Object.entries(groups).toSorted(([, one], [, other]) => rank(one) - rank(other));
  for (const [name, sort] of inOrder) {
    const count = sort === null ? 1 : sorts[sort]?.count;
    if (count === undefined)
      throw new VerifyError(`Group '${name}' is of the sort '${sort}', which is not declared.`);
    const group: Group = { name, sort, first: groupOf.length, count };
    made.push(group);
    for (let index = 0; index < count; index += 1) groupOf.push(group);
  }
  return { length: groupOf.length, groups: made, groupOf };
}

const rank = (sort: string | null): number => (sort === null ? 0 : 1);

/** The id of the member whose cell it is. */
export const idAt = (group: Group, cell: number): number =>
  group.sort === null ? 0 : cell - group.first + 1;
