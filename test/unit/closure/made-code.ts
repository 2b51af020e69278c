/** Makes units of code from a text, and what their code makes, as a child would. */
import vm from 'node:vm';
import type { Hatch } from '../../../src/codec/closure/hatch.ts';
import { analyze } from '../../../src/codec/closure/source/analyze.ts';
import type { ClassChoices } from '../../../src/codec/closure/source/class-edits.ts';
import { makeUnit, type UnitChoices } from '../../../src/codec/closure/source/code-unit.ts';
import { type CodeUnit, cellName, unitNames } from '../../../src/codec/closure/unit.ts';

export type Values = Readonly<Record<string, unknown>>;

export const nowhere: UnitChoices = {
  variables: [],
  cells: [],
  isStrict: true,
  url: 'a.js',
  line: 0,
  column: 0,
};

export function unitOf(text: string, choices: Partial<UnitChoices> = {}): CodeUnit {
  return makeUnit(analyze(text), { ...nowhere, ...choices });
}

/** With `$hatch` for `$troupeHatch`, and `$a` for the value of a cell. */
export function short(text: string): string {
  return text
    .replaceAll(/\$troupeCell_(\w+)\.v/gu, '$$$1')
    .replaceAll(/\$troupe([A-Z])/gu, (_, letter: string) => `$${letter.toLowerCase()}`);
}

/** What the text makes, with cells for all variables that it uses and `values` has; and the cells. */
export function made(
  text: string,
  values: Values = {},
  { superclass = null, keys = [], hatch = new TestHatch(), ...more }: MadeChoices = {},
): { value: unknown; cells: Record<string, { v: unknown }> } {
  const names = [...analyze(text).variables.keys()].filter((name) => Object.hasOwn(values, name));
  const cells = Object.fromEntries(names.map((name) => [name, { v: values[name] }]));
  const unit = unitOf(text, { cells: names, ...more });
  const isMember = unit.form === 'method' || unit.form === 'getter';
  const inputs = {
    [unitNames.superclass]: superclass,
    [unitNames.keys]: keys,
    [unitNames.hatch]: hatch,
    [unitNames.memberKey]: 'member',
    ...Object.fromEntries(names.map((name) => [cellName(name), cells[name]])),
  };
  const body = `'use strict'; return ${isMember ? `Object.values({${unit.text}})[0]` : `(${unit.text})`}`;
  const factory: unknown = vm.compileFunction(body, Object.keys(inputs));
  if (typeof factory !== 'function') throw new TypeError('no factory');
  return { value: factory(...Object.values(inputs)), cells };
}

export interface MadeChoices {
  readonly superclass?: unknown;
  readonly keys?: readonly unknown[];
  readonly hatch?: TestHatch;
  readonly class?: ClassChoices;
}

export class TestHatch implements Hatch {
  on = false;
  setFields: Parameters<Hatch['fields']>[1] = () => {};
  setStatics: Parameters<Hatch['statics']>[1] = () => {};

  fields(_of: object, set: TestHatch['setFields']): void {
    this.setFields = set;
  }

  statics(_of: object, set: TestHatch['setStatics']): void {
    this.setStatics = set;
  }

  /** An object that the class makes while the hatch is on. */
  open(of: Made): Record<string, unknown> {
    this.on = true;
    try {
      return new of();
    } finally {
      this.on = false;
    }
  }
}

export type Made = new (...args: unknown[]) => Record<string, unknown>;
