/** The rows of the page on loky: what happens, what becomes of it, and which tests show it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './tidy-source.ts';

export interface LokyScenario {
  /** The letter of its group, and the number that it has among all scenarios. */
  readonly id: string;
  readonly what: string;
  readonly loky: string;
  readonly troupe: string;
  /** The file of its tests, without its ending; `null` if it has no counterpart. */
  readonly shownBy: string | null;
  /** What it waits for before it can be shown. */
  readonly pending: string | null;
}

const page = readFileSync(path.join(root, 'docs/reference/loky-conformance.md'), 'utf8');

/** All rows of all tables, in their order. */
export const lokyScenarios: readonly LokyScenario[] = page
  .split('\n')
  .filter((line) => /^\| [A-Z]\d+ +\|/u.test(line))
  .map((line) => {
    const [, id = '', what = '', loky = '', troupe = '', last = ''] = line
      .split('|')
      .map((cell) => cell.trim());
    return {
      id,
      what,
      loky,
      troupe,
      shownBy: /^\[([\w-]+)\]/u.exec(last)?.[1] ?? null,
      pending: /waits for `([^`]+)`/u.exec(last)?.[1] ?? null,
    };
  });
