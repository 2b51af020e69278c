/**
 * Makes the files that processes run of what they would otherwise load module by module: `dist/src/child/` for
 * children, `dist/src/bundle/` for programs; beside them what few need, loaded when it is needed. After `tsc -b`,
 * as part of `npm run build`.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { machines } from '../dist/machines/index.js';
import { doors, licenses } from './bundle-doors.mjs';
import { facade } from './bundle-facade.mjs';
import { tables } from './bundle-tables.mjs';
import { inSource, root } from './places.mjs';

const ownUrl = "const __url = require('node:url').pathToFileURL(__filename).href;";
/** In what a task requires, `require.main` is no file of troupe. */
const noMain = 'process.mainModule = undefined;\n';

const closures = [
  { file: 'closures', from: inSource('codec/closure/capture/capture.ts'), name: 'capture' },
  { file: 'closures', from: inSource('codec/closure/source/analyze.ts'), name: 'analyze' },
];
const values = { file: 'values', from: 'superjson', name: 'SuperJSON' };

const child = {
  folder: 'child',
  prefix: 'entry',
  inputs: { entry: inSource('child/entry.ts') },
  doors: [
    ...closures,
    { file: 'closures', from: inSource('codec/closure/rebuild/rebuilder.ts'), name: 'Rebuilder' },
    values,
  ],
  machines: { module: 'child/compiled-child.ts', machines: { child: machines.child } },
  groups: [],
  chunkName: (name) => (name === 'rolldown-runtime' ? 'runtime' : 'shared'),
  external: [],
  intro: (chunk) => (chunk.name === 'entry' ? `${noMain}${ownUrl}` : ownUrl),
};

const program = {
  folder: 'bundle',
  prefix: 'index',
  inputs: {
    index: inSource('index.ts'),
    'nested-pool': inSource('api/nested-pool.ts'),
    'jest-worker': inSource('compat/jest-worker.ts'),
    'jest-worker-child': inSource('compat/jest-worker-child.ts'),
    tinypool: inSource('compat/tinypool.ts'),
    'tinypool-child': inSource('compat/tinypool-child.ts'),
  },
  doors: [
    ...closures,
    { file: 'closures', from: inSource('codec/closure/capture/locate.ts'), name: 'isSelfContained' },
    { file: 'closures', from: inSource('codec/closure/rebuild/rebuild-data.ts'), name: 'rebuildData' },
    { file: 'closures', from: inSource('codec/closure/source/constant-names.ts'), name: 'constantNames' },
    { file: 'closures', from: inSource('codec/closure/source/module-imports.ts'), name: 'moduleImports' },
    values,
  ],
  machines: {
    module: 'parent/compiled-machines.ts',
    machines: { pool: machines.pool, worker: machines.worker, task: machines.task },
  },
  /** Each with all that it imports. */
  groups: [
    {
      name: 'common',
      test: /rolldown\/runtime|\/src\/compat\/(?:report-to-parent|worker-file)\.ts$/u,
      priority: 3,
    },
    { name: 'submitter', test: /\/src\/api\/submitter\.ts$/u, priority: 2 },
    { name: 'pool', test: /\/src\/api\/(?:executor|reusable-pool)\.ts$/u, priority: 1 },
  ],
  chunkName: (name) => name.replace('rolldown-', ''),
  external: ['acorn'],
  intro: () => ownUrl,
};

const copied = ['superjson', 'copy-anything', 'nanoid'];
const isOf = (name) => (id) => id.includes(`/node_modules/${name}/`);

/** A folder's files; what is in it of earlier builds goes. */
async function make({ folder, prefix, inputs, external, groups, chunkName, intro, ...parts }) {
  const place = path.join(root, 'dist/src', folder);
  const behind = Object.fromEntries(parts.doors.map(({ file }) => [`${prefix}-${file}`, `\0behind:${file}`]));
  const bundle = await rolldown({
    input: { ...inputs, ...behind },
    platform: 'node',
    external: [/^node:/u, ...external],
    plugins: [doors(parts.doors, prefix), tables(parts.machines)],
    resolve: { alias: { xstate: inSource('runtime/xstate-stand-in.ts') } },
    transform: { target: 'es2023', define: { 'import.meta.url': '__url' } },
    onLog(level, log) {
      throw new Error(`${level}: ${log.message}`);
    },
  });
  removeOld(place, folder === 'child' ? /^entry.*\.cjs/u : /./u);
  const { output } = await bundle.write({
    dir: place,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    exports: 'named',
    chunkFileNames: ({ name }) => `${prefix}-${chunkName(name)}.cjs`,
    codeSplitting: { groups },
    sourcemap: true,
    sourcemapExcludeSources: true,
    intro,
    banner: ({ moduleIds }) => licenses(copied.filter((name) => moduleIds.some(isOf(name)))),
    comments: false,
  });
  return new Map(output.map(({ fileName, exports }) => [fileName, exports]));
}

function removeOld(place, pattern) {
  try {
    for (const file of readdirSync(place)) if (pattern.test(file)) rmSync(path.join(place, file));
  } catch {
    // There was no earlier build.
  }
}

await make(child);
const exportsOf = await make(program);
for (const [name, source] of Object.entries(program.inputs)) {
  // A child requires it, and knows which it wants.
  if (name === 'nested-pool') continue;
  const modules = path.relative(inSource(''), source).replace(/\.ts$/u, '.js');
  const text = facade(name, modules, exportsOf.get(`${name}.cjs`));
  writeFileSync(path.join(root, 'dist/src/bundle', `${name}.js`), text);
}
