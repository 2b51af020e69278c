/** Node's flags for children that have permissions of their own. */
import { sep } from 'node:path';
import { ownFiles } from './own-files.ts';

/** What children may do. Paths are absolute and may end in `*`; `*` alone is everything. */
export interface ChildPermissions {
  /** The flag that switches the permission model on, and one for each grant that is not about files. */
  readonly flags: readonly string[];
  readonly fsRead: readonly string[];
  readonly fsWrite: readonly string[];
}

/** A child can always read what it is made of, and `loaded`: what flags taken over from the parent load. */
export function permissionArguments(
  { flags, fsRead, fsWrite }: ChildPermissions,
  loaded: readonly string[] = [],
): string[] {
  return [
    ...flags,
    ...outermost([...fsRead, ...ownFiles(), ...loaded]).map((path) => `--allow-fs-read=${path}`),
    ...outermost(fsWrite).map((path) => `--allow-fs-write=${path}`),
  ];
}

/**
 * Leaves out what is inside something else that is granted: told of `/a/b` and of `/a`, Node grants what is
 * in `/a` but forgets the folder itself, which cannot be listed then.
 */
export function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)];
  return all.filter((path) => !all.some((other) => other !== path && isInside(path, other)));
}

function isInside(path: string, other: string): boolean {
  if (other.endsWith('*')) return path.startsWith(other.slice(0, -1));
  return path.startsWith(other.endsWith(sep) ? other : `${other}${sep}`);
}
