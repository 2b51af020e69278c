/** The main script of CommonJS. */
const { cases } = require('../cases/commonjs.cjs');

const ownLimit = 10;
const ownHelper = (x) => x * ownLimit;
exports.exported = (x) => ownHelper(x) + 1;
class Main {
  value() {
    return ownHelper(3);
  }
}

const ownCases = [
  { name: 'main script: a closure', run: (pool) => pool.submit((x) => ownHelper(x), 1), expect: 10 },
  { name: 'main script: an export', run: (pool) => pool.submit(exports.exported, 1), expect: 11 },
  { name: 'main script: a class', run: (pool) => pool.submit(() => new Main().value()), expect: 30 },
  { name: 'main script: require.main', run: (pool) => pool.submit(() => typeof require), expect: 'function' },
];

async function main() {
  const { createPool } = await import('troupe');
  const { countRun, report } = await import('../report.mjs');
  countRun();
  await report(
    [...cases.map((each) => ({ ...each, name: `commonjs: ${each.name}` })), ...ownCases],
    createPool,
  );
}

void main();
