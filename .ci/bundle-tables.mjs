/** Puts the tables of compiled machines into a bundle, so that it runs without XState. */
import { writeTable } from '../dist/src/runtime/written-table.js';
import { inSource } from './places.mjs';

/**
 * Replaces the module that compiles the machines, `{ module, machines }`, with one that reads their tables. It
 * exports what that one does: `compiledChild`, or `compiledMachines` for more than one.
 *
 * @returns {import('rolldown').Plugin}
 */
export function tables({ module, machines }) {
  const names = Object.keys(machines);
  const text = [
    "import { readTable } from '../runtime/written-table.ts';",
    ...names.map((name) => `import { ${name}Machine } from '../../machines/${name}/machine.ts';`),
    ...names.map((name) => `const ${name} = () => readTable(${table(machines[name])}, ${name}Machine);`),
    ...exported(names),
  ];
  return { name: 'tables', load: (id) => (id === inSource(module) ? text.join('\n') : null) };
}

/** V8 reads JSON in a string faster than the same as a program. */
function table(machine) {
  return `JSON.parse(${JSON.stringify(JSON.stringify(writeTable(machine)))})`;
}

function exported(names) {
  if (names.length === 1) return ['export const compiledChild = child;'];
  const all = names.map((name) => `${name}: ${name}()`).join(', ');
  return ['let compiled;', `export const compiledMachines = () => (compiled ??= { ${all} });`];
}
