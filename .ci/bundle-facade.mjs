/** The ES modules that programs import, over the bundle's files, which are CommonJS. */

/**
 * The text of `<name>.js`. While troupe itself is worked on, its modules may be newer than the bundle, and are taken
 * then; a package has no records of the compiler.
 */
export function facade(name, modules, exports) {
  const named = exports.filter((exported) => exported !== 'default');
  return `import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
const changedMs = (place) => statSync(new URL(place, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
const compiledMs = Math.max(changedMs('../../.src.tsbuildinfo'), changedMs('../../.machines.tsbuildinfo'));
const isCurrent = changedMs('./${name}.cjs') > compiledMs;
const all = createRequire(import.meta.url)(isCurrent ? './${name}.cjs' : '../${modules}');
export const { ${named.join(', ')} } = all;
${exports.includes('default') ? 'export default all.default;\n' : ''}`;
}
