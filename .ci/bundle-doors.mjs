/** Doors: what a door leads to is in a file of its own, which the first call of one of its functions loads. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Inside these, doors are open. */
const behindDoors = /\/src\/codec\/closure\/(?!v8\/)|^\0behind:/u;

/**
 * Puts doors `{ file, from, name }` in the place of functions and classes: `name` of the module `from`, which will be
 * in `<prefix>-<file>.cjs`.
 *
 * @returns {import('rolldown').Plugin}
 */
export function doors(all, prefix) {
  return {
    name: 'doors',
    async resolveId(/** @type {string} */ source, /** @type {string | undefined} */ importer) {
      if (source.startsWith('\0')) return source;
      if (importer === undefined || behindDoors.test(importer)) return null;
      const resolved = await this.resolve(source, importer, { skipSelf: true });
      const door = all.find(({ from }) => from === source || from === resolved?.id);
      return door === undefined ? null : `\0door:${door.name}`;
    },
    load(id) {
      const behind = /^\0behind:(?<file>\w+)$/u.exec(id)?.groups?.file;
      if (behind !== undefined) {
        const opened = all.filter(({ file }) => file === behind);
        return opened.map(({ from, name }) => `export { ${name} } from ${JSON.stringify(from)};`).join('\n');
      }
      const door = all.find(({ name }) => id === `\0door:${name}`);
      return door === undefined ? null : doorTo(door, prefix);
    },
  };
}

/** A function that may be a class: `new` of one that returns an object gives that object. */
function doorTo({ file, name }, prefix) {
  return [
    "import { createRequire } from 'node:module';",
    `const open = () => createRequire(import.meta.url)('./${prefix}-${file}.cjs').${name};`,
    `export function ${name}(...args) {`,
    `  return new.target === undefined ? open()(...args) : new (open())(...args);`,
    '}',
  ].join('\n');
}

/** The licenses of packages that are copied into a bundle, as a comment. */
export function licenses(packages) {
  const { resolve } = createRequire(import.meta.url);
  const texts = packages.map((name) => {
    const base = resolve.paths(name).map((place) => path.join(place, name));
    const license = base.map((place) => path.join(place, 'LICENSE')).find(isReadable);
    return `Contains ${name}:\n\n${readFileSync(license, 'utf8').trim()}\n`;
  });
  return texts.length === 0 ? '' : `/*\n${texts.join('\n')}*/`;
}

function isReadable(file) {
  try {
    return readFileSync(file).length > 0;
  } catch {
    return false;
  }
}
