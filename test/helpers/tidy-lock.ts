/** Faults of package-lock.json that `npm ci` would meet on another machine. */

interface LockedPackage {
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Optional packages (binaries of other platforms) that the registry silently left out of the lock file. */
export function missingOptionals({ packages }: Lock): readonly string[] {
  return Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(packages, place, name))
      .map((name) => `${place} wants ${name}`),
  );
}

/** Packages tied to one registry's address. */
export function tiedToHost({ packages }: Lock): readonly string[] {
  return Object.entries(packages).flatMap(([place, { resolved }]) =>
    resolved?.includes('://') === true ? [`${place} comes from ${resolved}`] : [],
  );
}

/** A package is looked for as Node does it: beside the one that wants it, then in each folder above. */
function isLocked(packages: Lock['packages'], place: string, name: string): boolean {
  let folder = place;
  for (;;) {
    if (`${folder}${folder === '' ? '' : '/'}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}
