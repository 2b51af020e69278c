/** Knows the files of this library: what they hold is in every worker already, and is never sent. */

const ownPath = /\/src\/codec\/closure\/own-files\.[jt]s$/u;
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
  const { url } = import.meta;
  if (!ownPath.test(url)) return [];
  return [new URL('../../', url).href, new URL('../../../machines/', url).href];
}
