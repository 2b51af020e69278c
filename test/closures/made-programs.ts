/** Makes programs of the cases that another tool, or another part of Node, loads: copies and bundles. */
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

interface Bundler {
  build(options: object): Promise<unknown>;
}

/** Copies all modules under another extension, and their imports of each other. Returns the main script. */
export async function copyAs(extension: '.mts' | '.ts', folder: string): Promise<string> {
  for (const file of await readdir(here, { recursive: true })) {
    const target = path.join(folder, file);
    if (file.endsWith('.cjs')) {
      await mkdir(path.dirname(target), { recursive: true });
      await cp(path.join(here, file), target);
    }
    if (!/(?<!\.d)\.mjs$/u.test(file)) continue;
    const text = await readFile(path.join(here, file), 'utf8');
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(
      target.replace(/\.mjs$/u, extension),
      text.replaceAll(/(?<=['"]\.{1,2}\/[^'"\n]*)\.mjs(?=['"])/gu, extension),
    );
  }
  return path.join(folder, `programs/main${extension}`);
}

/** Makes `.ts` files of the folder CommonJS, and the folder a package, in which `troupe` is another. */
export async function makeCommonJs(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'node_modules'), { recursive: true });
  await symlink(path.join(here, '../..'), path.join(folder, 'node_modules/troupe'));
  await writeFile(path.join(folder, 'package.json'), '{ "type": "commonjs" }');
}

/** One file with all modules in it, but for packages and CommonJS. */
export async function bundle(folder: string, minify: boolean): Promise<string> {
  // esbuild is a dependency of tsx, not of this package.
  const esbuild = createRequire(createRequire(import.meta.url).resolve('tsx'))('esbuild') as Bundler;
  const outfile = path.join(folder, 'main.mjs');
  await esbuild.build({
    entryPoints: [path.join(here, 'programs/main.mjs')],
    bundle: true,
    minify,
    outfile,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'silent',
  });
  return outfile;
}
