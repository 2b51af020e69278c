/**
 * Makes of an analysed function, and of what is known about its surroundings, the unit of code that a child
 * compiles. Lines stay what they were. So do columns, except behind a change that makes its line longer: a
 * use of a cell, `import.meta`, and what a class with private members needs.
 */
import { type ColumnShift, markedUrl } from '../source-positions.ts';
import { type CodeUnit, unitNames } from '../unit.ts';
import { unitIdOf } from '../unit-id.ts';
import { type ClassChoices, classEdits } from './class-edits.ts';
import type { FunctionSource } from './function-source.ts';
import { RecentMap } from './recent-map.ts';
import { applyEdits, blank, type Edit, lengthChanges, replaceInPlace } from './text-edits.ts';
import { cellEdits } from './variable-edits.ts';

/** What the text of a function does not say. */
export interface UnitChoices {
  /** The captured variables that the text uses under their own names, and those it uses as cells. */
  readonly variables: readonly string[];
  readonly cells: readonly string[];
  readonly isStrict: boolean;
  readonly url: string;
  /** Stacks of this process show positions in what the file was compiled from. */
  readonly isMapped?: boolean;
  /** Where V8 says the function is, which need not be where its text begins. Both count from 0. */
  readonly line: number;
  readonly column: number;
  readonly importMetaName?: string;
  readonly dynamicImportName?: string;
  /** Of a class. */
  readonly class?: ClassChoices;
}

const lineEnds = /\r\n|[\n\r\u2028\u2029]/u;

type Place = Pick<CodeUnit, 'line' | 'column'>;

/**
 * The units made of one source: a text may be in several files, and generated ones have names without end.
 */
const unitsPerSource = 50;
const units = new WeakMap<FunctionSource, RecentMap<string, CodeUnit>>();

/**
 * The unit of a function or class; the same object if all is as it was before. A private member has none.
 * A named function that refers to itself need not list its own name; if that is among the variables, it means
 * the captured one.
 */
export function makeUnit(source: FunctionSource, choices: UnitChoices): CodeUnit {
  const made = units.get(source) ?? new RecentMap(unitsPerSource);
  units.set(source, made);
  const key = keyOf(choices);
  const known = made.get(key);
  if (known !== undefined) return known;
  const unit = makeAnew(source, choices);
  made.set(key, unit);
  return unit;
}

function keyOf(choices: UnitChoices): string {
  const { variables, cells, isStrict, url, line, column, importMetaName, dynamicImportName } = choices;
  const names = `${variables.join()};${cells.join()};${importMetaName};${dynamicImportName}`;
  const members = choices.class;
  const known = members ? `${members.givenKeys.join()};${members.absent.join()}` : '';
  return `${names};${known};${isStrict};${choices.isMapped === true};${line}:${column}:${url}`;
}

function makeAnew(source: FunctionSource, choices: UnitChoices): CodeUnit {
  const { form, memberKey, importMeta, importsDynamically } = source;
  const { variables, cells, isStrict, url, importMetaName, dynamicImportName } = choices;
  if (form === 'privateMember') throw new TypeError('a private member is part of its class');
  const edits = editsOf(source, choices);
  const text = applyEdits(source.text, edits);
  const start = startOf(source, choices);
  const unit: Omit<CodeUnit, 'id'> = {
    text,
    form,
    ...(memberKey !== null && 'name' in memberKey ? { key: memberKey.name } : {}),
    variables: [...variables],
    cells: [...cells],
    isStrict,
    url: choices.isMapped === true ? markedUrl(url, columnShifts(text, edits, start)) : url,
    ...start,
    ...(importMeta.length > 0 ? { usesImportMeta: true } : {}),
    ...(importsDynamically ? { usesDynamicImport: true } : {}),
    ...(importMetaName === undefined ? {} : { importMetaName }),
    ...(dynamicImportName === undefined ? {} : { dynamicImportName }),
  };
  return { id: unitIdOf(unit), ...unit };
}

function editsOf(source: FunctionSource, { variables, cells, class: members }: UnitChoices): Edit[] {
  const { text, importMeta, memberKey, ownName, ownNameAt } = source;
  return [
    ...cells.flatMap((name) => {
      const variable = source.variables.get(name);
      return variable === undefined ? [] : cellEdits(variable);
    }),
    ...importMeta.map((range) => replaceInPlace(text, range, unitNames.importMeta)),
    ...(memberKey !== null && 'computed' in memberKey
      ? [replaceInPlace(text, memberKey.computed, `[${unitNames.memberKey}]`)]
      : []),
    // Its own name would hide the variable.
    ...(ownName !== null && ownNameAt !== null && variables.includes(ownName)
      ? [{ ...ownNameAt, text: blank(text, ownNameAt) }]
      : []),
    ...(source.class === null
      ? []
      : classEdits(source.class, text, members ?? { givenKeys: [], absent: [] })),
  ];
}

/** Where columns of the edited text are not those of the file. */
function columnShifts(text: string, edits: readonly Edit[], start: Place): ColumnShift[] {
  return lengthChanges(edits).map(({ offset, by }) => {
    const lines = text.slice(0, offset).split(lineEnds);
    const column = lines.at(-1)?.length ?? 0;
    const isFirst = lines.length === 1;
    return { line: start.line + lines.length - 1, column: isFirst ? start.column + column : column, by };
  });
}

/** Where the text begins. If V8's place is on a later line of it, the column of the first is lost. */
function startOf({ text, locatedAt }: FunctionSource, { line, column }: UnitChoices): Place {
  const lines = text.slice(0, locatedAt).split(lineEnds);
  if (lines.length === 1) return { line, column: Math.max(0, column - locatedAt) };
  return { line: Math.max(0, line - lines.length + 1), column: 0 };
}
