/** Reads the project's own files for `tidy.test.ts`, as text and as syntax trees. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A node of the ESTree that the parser makes, as far as the rules look into it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

export interface ParsedFile extends SourceFile {
  readonly nodes: readonly SyntaxNode[];
}

const unread = new Set(['node_modules', '.git', 'dist', 'coverage', '.samples', 'results']);

/** Every file below the folders (or the files themselves) whose name fits, sorted. */
export function filesOf(places: readonly string[], name: RegExp): readonly SourceFile[] {
  return places
    .flatMap((place) => pathsBelow(place))
    .filter((file) => name.test(file))
    .toSorted()
    .map(readSource);
}

/** The same, parsed. Throws for a file with a syntax error. */
export function parsedFilesOf(places: readonly string[], name: RegExp): readonly ParsedFile[] {
  return filesOf(places, name).map((file) => parsedFile(file.path, file.text));
}

export function parsedFile(file: string, text: string): ParsedFile {
  const source = sourceFile(file, text);
  return { ...source, nodes: nodesOf(source) };
}

/** `src/errors.ts:12`, for messages. */
export function placeOf(file: SourceFile, node: SyntaxNode): string {
  return `${file.path}:${lineAt(file, node.start)}`;
}

export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** The name of an identifier, or undefined. */
export function nameOf(value: unknown): string | undefined {
  return isNode(value) && typeof value['name'] === 'string' ? value['name'] : undefined;
}

function pathsBelow(place: string): readonly string[] {
  const entries = entriesOf(place);
  if (entries === undefined) return [place];
  return entries.flatMap((entry) =>
    unread.has(entry) ? [] : pathsBelow(place === '.' ? entry : `${place}/${entry}`),
  );
}

function entriesOf(place: string): readonly string[] | undefined {
  try {
    return readdirSync(path.join(root, place));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readSource(file: string): SourceFile {
  return sourceFile(file, readFileSync(path.join(root, file), 'utf8'));
}

function sourceFile(file: string, text: string): SourceFile {
  return { path: file, text, lines: text.replace(/\n$/u, '').split('\n') };
}

function nodesOf(file: SourceFile): readonly SyntaxNode[] {
  const lang = file.path.endsWith('.d.ts') ? 'dts' : 'ts';
  const { program, errors } = parseSync(file.path, file.text, { lang });
  if (errors.length > 0)
    throw new SyntaxError(`${file.path}: ${errors.map((error) => error.message).join('; ')}`);
  const nodes: SyntaxNode[] = [];
  collect(program, nodes);
  return nodes;
}

function collect(value: unknown, into: SyntaxNode[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, into);
  } else if (isNode(value)) {
    into.push(value);
    for (const property of Object.values(value)) collect(property, into);
  }
}
