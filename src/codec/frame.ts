/**
 * Where the writer is in a value: the containers it is inside of, and the two ways to spell the path to it.
 */
import type { Parts } from './parts.ts';

/** What the whole value is, the first word of a path to a part of it. */
export type Root = 'argument' | 'result' | 'error' | 'progress' | 'yield';

/** A container being written. */
export interface Frame {
  readonly parts: Parts;
  readonly parent: Frame | null;
  /** The place in the parent. */
  readonly index: number;
  readonly depth: number;
  /** superjson can follow a path from the root through here after all annotations are applied. */
  readonly isOpen: boolean;
  /** The annotations of what is below, if this container carries one itself. */
  readonly notes: string[] | null;
  cursor: number;
}

/** The segments of superjson's path from the nearest annotated container, or the root, down to a place. */
export function pathUp(frame: Frame | null, index: number): { owner: Frame | null; segments: string[] } {
  const segments: string[] = [];
  let owner = frame;
  let position = index;
  while (owner !== null) {
    segments.push(segmentOf(owner.parts, position));
    if (owner.notes !== null) break;
    position = owner.index;
    owner = owner.parent;
  }
  return { owner, segments: segments.toReversed() };
}

/** The whole path as superjson writes it. */
export function absolutePath(base: string, frame: Frame | null, index: number): string {
  return [base, ...pathUp(frame, index).segments].join('.');
}

function segmentOf({ keys }: Parts, index: number): string {
  if (keys === null) return String(index);
  const key = keys[index] ?? '';
  return /[\\.]/.test(key) ? key.replaceAll('\\', '\\\\').replaceAll('.', '\\.') : key;
}

/** Paths longer than this lose their middle. */
const longestPath = 40;

/** The path as a person would write it: `argument 0.user.socket`. */
export function readablePath(root: Root, frame: Frame | null, index: number): string {
  const labels: string[] = [];
  let current = frame;
  let position = index;
  let isArgument = false;
  while (current !== null) {
    isArgument = root === 'argument' && current.parent === null && current.parts.keys === null;
    const label = current.parts.labelOf(position, current.index);
    labels.push(isArgument ? `argument ${position}` : label);
    position = current.index;
    current = current.parent;
  }
  if (!isArgument) labels.push(root);
  if (labels.length > longestPath) labels.splice(longestPath / 2, labels.length - longestPath, '…');
  return labels.toReversed().join('');
}
