/** Sizes, names and words, as functions: each returns the places that break the rule. */
import path from 'node:path';
import {
  isNode,
  lineAt,
  nameOf,
  type ParsedFile,
  placeOf,
  type SourceFile,
  type SyntaxNode,
} from './tidy-source.ts';

const maxLinesOfFunction = 60;
const maxColumns = 110;
const maxParameters = 6;

const vagueNames = new Set(['base', 'common', 'helper', 'helpers', 'manager', 'misc', 'util', 'utils']);

const functionTypes = new Set(['ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression']);

/** Words the glossary has another word for, as parts of a name: `jobQueue`, `Thread`. */
const wrongWord = /(?:^|[a-z_])(?:Jobs?|Threads?)(?=$|[A-Z_\d])|^(?:jobs?|threads?)(?=$|[A-Z_\d])/u;

/** Homes and mounts of somebody's machine. */
const machinePath = /(?<![\w.])\/(?:work|root|home|Users)\/[\w.]/u;

export function longFiles(
  files: readonly SourceFile[],
  max: (file: SourceFile) => number,
): readonly string[] {
  return files
    .filter((file) => file.lines.length > max(file))
    .map((file) => `${file.path} has ${file.lines.length} lines`);
}

export function longLines(files: readonly SourceFile[]): readonly string[] {
  return linesWith(files, (line) => line.length > maxColumns);
}

export function bigFunctions(file: ParsedFile): readonly string[] {
  return file.nodes
    .filter((node) => functionTypes.has(node.type))
    .flatMap((node) => {
      const lines = lineAt(file, node.end) - lineAt(file, node.start) + 1;
      const parameters = parametersOf(node);
      return [
        ...(lines > maxLinesOfFunction ? [`${placeOf(file, node)} is a function of ${lines} lines`] : []),
        ...(parameters > maxParameters ? [`${placeOf(file, node)} takes ${parameters} parameters`] : []),
      ];
    });
}

/** Names that are not kebab-case, or say nothing. */
export function badNames(files: readonly SourceFile[]): readonly string[] {
  const isBad = (part: string): boolean =>
    !/^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(part) || part.split('-').some((word) => vagueNames.has(word));
  return files
    .map((file) => file.path)
    .filter(
      (file) =>
        file
          .replace(/\.\w+$/u, '')
          .split('/')
          .some(isBad) || path.posix.basename(file) === '.ts',
    );
}

/** Files that do not begin by saying what they are for. */
export function purposeless(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ text }) => !/^(?:#!.*\n)?\/\*\*[^]*?\w[^]*?\*\//u.test(text))
    .map((file) => file.path);
}

export function wrongWords(file: ParsedFile): readonly string[] {
  return file.nodes
    .filter((node) => wrongWord.test(nameOf(node) ?? ''))
    .map((node) => `${placeOf(file, node)} names ${nameOf(node)}`);
}

export function processExits(file: ParsedFile): readonly string[] {
  return file.nodes
    .filter((node) => node.type === 'MemberExpression')
    .filter((node) => nameOf(node['object']) === 'process' && nameOf(node['property']) === 'exit')
    .map((node) => `${placeOf(file, node)} ends the process`);
}

export function anyTypes(file: ParsedFile): readonly string[] {
  return file.nodes
    .filter((node) => node.type === 'TSAnyKeyword')
    .map((node) => `${placeOf(file, node)} is any`);
}

export function unfinished(files: readonly SourceFile[]): readonly string[] {
  return linesWith(files, (line) => /\b(?:TODO|FIXME|XXX)\b/u.test(line));
}

export function machinePaths(files: readonly SourceFile[]): readonly string[] {
  return linesWith(files, (line) => machinePath.test(line));
}

function linesWith(files: readonly SourceFile[], isBad: (line: string) => boolean): readonly string[] {
  return files.flatMap(({ path: file, lines }) =>
    lines.flatMap((line, index) => (isBad(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 60)}`] : [])),
  );
}

/** Without `this`, which is a type only. */
function parametersOf({ params }: SyntaxNode): number {
  const list = Array.isArray(params) ? params.filter(isNode) : [];
  return list.filter((parameter) => nameOf(parameter) !== 'this').length;
}
