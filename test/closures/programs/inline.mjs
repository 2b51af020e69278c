/** The text of a program that has no file: for `-e`, standard input and the interactive mode. One statement a line. */
export const inlineText = `
const report = import('./test/closures/report.mjs').then((module) => (module.countRun(), module));
const limit = 10;
let count = 0;
var old = 'var';
const helper = (x) => x * limit;
function declared(x) { return helper(x) + count; }
class Inline { #n = 1; static made = 2; twice(x) { return 2 * x + this.#n; } }
class Derived extends Inline { twice(x) { return super.twice(x) + limit; } }
const bump = () => (count += 1);
const makeCounter = () => { let n = 0; return { add: () => (n += 1), get: () => n }; };
const cases = [];
cases.push({ name: 'a helper', run: (pool) => pool.submit((x) => helper(x), 3), expect: 30 });
cases.push({ name: 'a declaration', run: (pool) => pool.submit(declared, 3), expect: 30 });
cases.push({ name: 'a var', run: (pool) => pool.submit(() => old), expect: 'var' });
cases.push({ name: 'a class', run: (pool) => pool.submit(() => [new Inline().twice(2), new Derived().twice(2), Inline.made]), expect: [5, 15, 2] });
cases.push({ name: 'an instance with private state', run: (pool) => pool.submit((each) => each.twice(1), new Derived()), expect: 13 });
cases.push({ name: 'an assigned variable', run: (pool) => pool.submit(() => [bump(), bump(), count]), expect: [1, 2, 2] });
cases.push({ name: 'two activations', run: (pool) => { const [a, b] = [makeCounter(), makeCounter()]; return pool.submit(() => { a.add(); return [a.get(), b.get()]; }); }, expect: [1, 0] });
cases.push({ name: 'a dynamic import', run: (pool) => pool.submit(async () => (await import('node:os')).EOL.length > 0), expect: true });
cases.push({ name: 'map', run: (pool) => pool.map((x) => helper(x), [1, 2]).toArray(), expect: [10, 20] });
cases.push({ name: 'a refusal', run: (pool) => { const promise = Promise.resolve(); return pool.submit(() => promise); }, refuses: /Promise/u });
const ended = Promise.all([report, import('troupe')]).then(([module, troupe]) => module.report(cases, troupe.createPool)).then(() => process.exit(0));
`;
