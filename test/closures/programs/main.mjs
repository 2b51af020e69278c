/** The main script of most tests: all cases, and cases of its own, whose functions are a main script's. */
import { createPool } from 'troupe';
import { cases } from '../cases/all.mjs';
import { countRun, report, traits } from '../report.mjs';

countRun();

const ownLimit = 10;
let ownVariable = 1;
const ownHelper = (x) => x * ownLimit;
const assigns = () => (ownVariable += 1);
export const exported = (x) => ownHelper(x) + 1;
export function declared(x) {
  return exported(x);
}
export default class Main {
  static made = 0;
  constructor(n) {
    Main.made += 1;
    this.n = n;
  }
  value() {
    return ownHelper(this.n);
  }
}

const ownCases = [
  { name: 'a closure', run: (pool) => pool.submit((x) => ownHelper(x), 1), expect: 10 },
  { name: 'an export', run: (pool) => pool.submit(exported, 1), expect: 11 },
  { name: 'an exported declaration', run: (pool) => pool.submit(declared, 1), expect: 11 },
  { name: 'a captured export', run: (pool) => pool.submit(() => declared(2)), expect: 21 },
  {
    name: 'an assigned variable',
    run: (pool) => pool.submit(() => [assigns(), ownVariable]),
    expect: [2, 2],
  },
  {
    name: 'a default-exported class',
    run: (pool) => pool.submit(() => [new Main(1).value(), Main.made]),
    expect: [10, 1],
  },
  {
    name: 'an instance, both ways',
    run: async (pool) => {
      const back = await pool.submit((each) => [each.value(), each], new Main(2));
      return [back[0], back[1] instanceof Main, back[1].value()];
    },
    expect: [20, true, 20],
  },
  { name: 'map with an export', run: (pool) => pool.map(exported, [1, 2]).toArray(), expect: [11, 21] },
];

async function main() {
  // A module that awaits cannot be required.
  const { cases: awaiting } = traits.includes('tsx-cjs')
    ? { cases: [] }
    : await import('../cases/top-level-await.mjs');
  const more = [
    ...ownCases.map((each) => ({ ...each, name: `main script: ${each.name}` })),
    ...awaiting.map((each) => ({ ...each, name: `top-level await: ${each.name}` })),
  ];
  await report([...cases, ...more], createPool);
}

void main();
