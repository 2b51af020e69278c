/** Knows the files of this library: what they hold is in every worker already, and is never sent. */

/** This file, or the one of a child's or a program's that it is built into. */
const ownPath = /\/src\/(?:codec\/closure\/own-files\.[jt]s|(?:child\/entry|bundle\/)[-\w]*\.cjs)$/u;
const folders = ownFolders();

/**
 * Whether the URL is that of a file of troupe, apart from its command line, which is a program like any
 * other.
 */
export function isOwnFile(url: string): boolean {
  return folders.some((folder) => url.startsWith(folder)) && !url.startsWith(`${folders[0]}cli/`);
}

/** None in a bundle, whose file holds the program as well. */
function ownFolders(): readonly string[] {
  // In full: the build of the child's files replaces exactly this.
  const url: string = import.meta.url;
  if (!ownPath.test(url)) return [];
  const root = url.replace(ownPath, '/');
  return [`${root}src/`, `${root}machines/`];
}
