/** Collects the files of the demo: every source file below a folder, or every nth when that is too much. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { languageOf } from './demo-languages.ts';

/** A file larger than this is left out: it would take longer than a worker lives. */
const fileBytesMax = 2 * 1024 * 1024;

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
}

export interface SourceFiles {
  /** The files to work on. */
  readonly taken: readonly SourceFile[];
  readonly takenBytes: number;
  /** How many there are below the folder, whether they are taken or not. */
  readonly found: number;
  readonly foundBytes: number;
  /** 1: all are taken; 7: every seventh. */
  readonly everyNth: number;
  readonly tooLarge: number;
  readonly unreadableFolders: number;
}

/** Finds the source files below a folder, in a stable order; symbolic links are not followed. */
export async function collectSourceFiles(folder: string, bytesMax: number): Promise<SourceFiles> {
  const found: SourceFile[] = [];
  let tooLarge = 0;
  let unreadableFolders = 0;
  const folders = [folder];
  for (let current = folders.pop(); current !== undefined; current = folders.pop()) {
    const content = await readFolder(current);
    if (content === undefined) unreadableFolders += 1;
    folders.push(...(content?.folders ?? []));
    for (const file of content?.files ?? []) {
      if (file.bytes > fileBytesMax) tooLarge += 1;
      else found.push(file);
    }
  }
  found.sort((one, other) => (one.path < other.path ? -1 : 1));
  const foundBytes = totalBytes(found);
  const everyNth = Math.max(1, Math.ceil(foundBytes / bytesMax));
  const taken = found.filter((_, index) => index % everyNth === 0);
  const takenBytes = totalBytes(taken);
  return { taken, takenBytes, found: found.length, foundBytes, everyNth, tooLarge, unreadableFolders };
}

async function readFolder(folder: string): Promise<{ folders: string[]; files: SourceFile[] } | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== '.git');
    const sources = entries.filter((entry) => entry.isFile() && languageOf(entry.name) !== undefined);
    const files = sources.map(async (entry) => {
      const file = path.join(folder, entry.name);
      return { path: file, bytes: (await lstat(file)).size };
    });
    return {
      folders: folders.map((entry) => path.join(folder, entry.name)),
      files: await Promise.all(files),
    };
  } catch {
    return undefined;
  }
}

function totalBytes(files: readonly SourceFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
