/** The same as `cycle-main.mjs`, in CommonJS. */
const { appendFileSync } = require('node:fs');

appendFileSync(process.env.TROUPE_CLOSURES_RUNS, 'run\n');
exports.setting = 'of the main script';
const { usesMain } = require('./cycle-module.cjs');

const cases = [
  {
    name: 'a module that requires the main script',
    run: (pool) => pool.submit(() => usesMain()),
    refuses: /main script/u,
  },
  { name: 'the same, submitted', run: (pool) => pool.submit(usesMain), refuses: /main script/u },
  {
    name: 'a closure that needs no module',
    run: (pool) => pool.submit(() => exports.setting),
    expect: 'of the main script',
  },
];

async function main() {
  const { createPool } = await import('troupe');
  const { report } = await import('../report.mjs');
  await report(cases, createPool);
}

void main();
