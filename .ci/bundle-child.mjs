/**
 * Makes the files a child runs of what it would otherwise load module by module: `dist/src/child/entry.cjs`,
 * and beside it what few children need, loaded when it is needed. After `tsc -b`, as part of `npm run build`.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { childMachine } from '../dist/machines/child/machine.js';
import { writeTable } from '../dist/src/runtime/written-table.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, 'dist/src/child');
const inSource = (place) => path.join(root, 'src', place);

/** What a door leads to is in a file of its own, which the first call of one of its functions loads. */
const doors = [
  { file: 'closures', from: inSource('codec/closure/rebuild/rebuilder.ts'), name: 'Rebuilder' },
  { file: 'closures', from: inSource('codec/closure/capture/capture.ts'), name: 'capture' },
  { file: 'closures', from: inSource('codec/closure/source/analyze.ts'), name: 'analyze' },
  { file: 'values', from: 'superjson', name: 'SuperJSON' },
];
/** Inside these, doors are open. */
const behindDoors = /\/src\/codec\/closure\/|^\0behind:/u;
const bundledPackages = ['superjson', 'copy-anything'];

/** @type {import('rolldown').Plugin} */
const machinePlugin = {
  name: 'machine-as-a-table',
  load(id) {
    if (id !== inSource('child/compiled-child.ts')) return null;
    return [
      "import { childMachine } from '../../machines/child/machine.ts';",
      "import { readTable } from '../runtime/written-table.ts';",
      `const table = JSON.parse(${JSON.stringify(JSON.stringify(writeTable(childMachine)))});`,
      'export const compiledChild = () => readTable(table, childMachine);',
    ].join('\n');
  },
};

/** @type {import('rolldown').Plugin} */
const doorPlugin = {
  name: 'doors',
  async resolveId(/** @type {string} */ source, /** @type {string | undefined} */ importer) {
    if (source.startsWith('\0')) return source;
    if (importer === undefined || behindDoors.test(importer)) return null;
    const resolved = await this.resolve(source, importer, { skipSelf: true });
    const door = doors.find(({ from }) => from === source || from === resolved?.id);
    return door === undefined ? null : `\0door:${door.name}`;
  },
  load(id) {
    const behind = /^\0behind:(?<file>\w+)$/u.exec(id)?.groups?.file;
    if (behind !== undefined) {
      const opened = doors.filter(({ file }) => file === behind);
      return opened.map(({ from, name }) => `export { ${name} } from ${JSON.stringify(from)};`).join('\n');
    }
    const door = doors.find(({ name }) => id === `\0door:${name}`);
    return door === undefined ? null : doorTo(door);
  },
};

/** A function that may be a class: `new` of one that returns an object gives that object. */
function doorTo({ file, name }) {
  return [
    "import { createRequire } from 'node:module';",
    `const open = () => createRequire(import.meta.url)('./entry-${file}.cjs').${name};`,
    `export function ${name}(...args) {`,
    `  return new.target === undefined ? open()(...args) : new (open())(...args);`,
    '}',
  ].join('\n');
}

function licenses() {
  const { resolve } = createRequire(import.meta.url);
  const texts = bundledPackages.map((name) => {
    const base = resolve.paths(name).map((place) => path.join(place, name));
    const license = base.map((place) => path.join(place, 'LICENSE')).find(isReadable);
    return `Contains ${name}:\n\n${readFileSync(license, 'utf8').trim()}\n`;
  });
  return `/*\n${texts.join('\n')}*/`;
}

function isReadable(file) {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}

const ownUrl = "const __url = require('node:url').pathToFileURL(__filename).href;";
/** In what a task requires, `require.main` is no file of troupe. */
const noMain = 'process.mainModule = undefined;\n';

const bundle = await rolldown({
  input: {
    entry: inSource('child/entry.ts'),
    'entry-closures': '\0behind:closures',
    'entry-values': '\0behind:values',
  },
  platform: 'node',
  external: [/^node:/u],
  plugins: [doorPlugin, machinePlugin],
  resolve: { alias: { xstate: inSource('runtime/xstate-stand-in.ts') } },
  transform: { target: 'es2023', define: { 'import.meta.url': '__url' } },
  onLog(level, log) {
    throw new Error(`${level}: ${log.message}`);
  },
});
for (const file of readdirSync(folder)) if (/^entry.*\.cjs/u.test(file)) rmSync(path.join(folder, file));
await bundle.write({
  dir: folder,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: ({ name }) => (name === 'rolldown-runtime' ? 'entry-runtime.cjs' : 'entry-shared.cjs'),
  sourcemap: true,
  sourcemapExcludeSources: true,
  intro: (chunk) => (chunk.name === 'entry' ? `${noMain}${ownUrl}` : ownUrl),
  banner: (chunk) => (chunk.name === 'entry-values' ? licenses() : ''),
  comments: false,
});
