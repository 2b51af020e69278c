/** Finds the code blocks of Markdown pages that are programs, with the modules that the page gives them. */

export interface Sample {
  /** `docs/guides/errors.md:12`. */
  readonly name: string;
  /** The files to write, by name; the program itself is `sample.ts`. */
  readonly files: ReadonlyMap<string, string>;
  /** What it prints, line by line; nothing is said about the output of a program without `// → ` comments. */
  readonly prints: readonly string[];
}

const block = /^(?<indent> *)```ts(?<mark>[^\n]*)\n(?<code>[^]*?)^\k<indent>```$/gmu;
const fileName = /^\/\/ file: (?<name>\S+)\n/u;

/**
 * Every ` ```ts ` block is a program, but for those marked `no-run`. One that begins with `// file: name.ts`
 * is a module for the blocks after it on the same page.
 */
export function samplesIn(page: string, text: string): readonly Sample[] {
  const modules = new Map<string, string>();
  const samples: Sample[] = [];
  for (const { groups = {}, index } of text.matchAll(block)) {
    const { mark = '', indent = '' } = groups;
    if (mark.trim() === 'no-run') continue;
    const code = (groups['code'] ?? '').replaceAll(new RegExp(`^${indent}`, 'gmu'), '');
    const name = fileName.exec(code)?.groups?.['name'];
    if (name === undefined) {
      const files = new Map([...modules, ['sample.ts', `${code}\nexport {};\n`]]);
      const prints = [...code.matchAll(/\/\/ → (.*)$/gmu)].map(([, line]) => line ?? '');
      samples.push({ name: `${page}:${text.slice(0, index).split('\n').length}`, files, prints });
    } else modules.set(name, code);
  }
  return samples;
}

/** The addresses a page links to inside the project, without their anchors. */
export function localLinksIn(text: string): readonly string[] {
  const prose = text.replaceAll(/^ *```[^]*?^ *```$/gmu, '').replaceAll(/`[^`\n]*`/gu, '');
  return [...prose.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/gu)].map(([, target]) => target ?? '');
}
