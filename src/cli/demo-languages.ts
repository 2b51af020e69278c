/** Which files the demo takes for source files, and what language they are in. */
import path from 'node:path';

const languages: ReadonlyMap<string, string> = new Map([
  ['.js', 'JavaScript'],
  ['.mjs', 'JavaScript'],
  ['.cjs', 'JavaScript'],
  ['.jsx', 'JSX'],
  ['.ts', 'TypeScript'],
  ['.mts', 'TypeScript'],
  ['.cts', 'TypeScript'],
  ['.tsx', 'TypeScript'],
  ['.json', 'JSON'],
  ['.css', 'CSS'],
  ['.scss', 'CSS'],
  ['.less', 'CSS'],
  ['.html', 'HTML'],
  ['.md', 'Markdown'],
  ['.yml', 'YAML'],
  ['.yaml', 'YAML'],
]);

/** The language of a file by the end of its name, or `undefined` when it is no source file. */
export function languageOf(file: string): string | undefined {
  return languages.get(path.extname(file).toLowerCase());
}
