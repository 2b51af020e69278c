/** A main script that a module imports which its closures use: a child that imported it would run this again. */
import { createPool } from 'troupe';
import { countRun, report } from '../report.mjs';
import { usesMain } from './cycle-module.mjs';

countRun();
export const setting = 'of the main script';

const cases = [
  {
    name: 'an import that imports the main script',
    run: (pool) => pool.submit(() => usesMain()),
    refuses: /main script/u,
  },
  { name: 'the same, submitted', run: (pool) => pool.submit(usesMain), refuses: /main script/u },
  {
    name: 'a closure that needs no import',
    run: (pool) => pool.submit(() => setting),
    expect: 'of the main script',
  },
];

await report(cases, createPool);
