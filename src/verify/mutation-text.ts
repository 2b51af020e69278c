/** The result of a run of mutants in words: for a terminal, and as a table for a page. */
import type { MachineTally, MutationReport } from './mutation-run.ts';

/**
 * A summary to read: how many were noticed and by what, then what there is to do. The last line says whether
 * there is anything.
 */
export function mutationText(report: MutationReport): string {
  const { killed, survived, equivalent, staleEquivalents, score } = report;
  const total = killed.length + survived.length + equivalent.length;
  const sections = [
    [
      `${total} mutants: ${killed.length} killed, ${survived.length} survived, ` +
        `${equivalent.length} equivalent. Score: ${percent(score)}.`,
    ],
    aligned(report.machines),
    titled('Killed by', inColumns(countsByKiller(report))),
    titled('Survived, so nothing checks this', survived),
    titled(
      'Equivalent',
      equivalent.map(({ id, why }) => `${id}: ${why}`),
    ),
    titled('Listed as equivalent, but killed or unknown', staleEquivalents),
    [verdict(report)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** A Markdown table with a row per machine, and one for all if there are several. Ends without a newline. */
export function mutationTable({ machines, score }: MutationReport): string {
  const rows = machines.map((machine) => cellsOf(machine, `\`${machine.name}\``, scoreOf(machine)));
  if (machines.length > 1) rows.push(cellsOf(sumOf(machines), 'all', score));
  const columns = ['machine', 'mutants', 'killed', 'equivalent', 'survived', 'score'];
  const widths = widthsOf([columns, ...rows]);
  const line = (cells: readonly string[]): string => `| ${pad(cells, widths).join(' | ')} |`;
  const rule = widths.map((width, index) => (index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(columns), line(rule), ...rows.map(line)].join('\n');
}

function verdict({ survived, staleEquivalents }: MutationReport): string {
  const tasks = [
    ...(survived.length > 0 ? ['check what survived, or say why it is equivalent'] : []),
    ...(staleEquivalents.length > 0 ? ['take what is not equivalent off the list'] : []),
  ];
  return tasks.length === 0
    ? 'Every mutant is noticed or known to be harmless.'
    : `To do: ${tasks.join('; ')}.`;
}

function aligned(machines: readonly MachineTally[]): string[] {
  const rows = machines.map((machine) => [
    machine.name,
    `${machine.killed} of ${machine.mutants - machine.equivalent}`,
    percent(scoreOf(machine)),
  ]);
  return inColumns(rows);
}

/** The one that kills most first. */
function countsByKiller({ killed }: MutationReport): string[][] {
  const counts = new Map<string, number>();
  for (const { by } of killed) counts.set(by, (counts.get(by) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one).map(([by, count]) => [by, `${count}`]);
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => pad(row, widths).join('  '));
}

function cellsOf(machine: MachineTally, name: string, score: number): string[] {
  const { mutants, killed, equivalent, survived } = machine;
  return [name, ...[mutants, killed, equivalent, survived].map(String), percent(score)];
}

function sumOf(machines: readonly MachineTally[]): MachineTally {
  const sum = (key: Exclude<keyof MachineTally, 'name'>): number =>
    machines.reduce((total, machine) => total + machine[key], 0);
  return {
    name: 'all',
    mutants: sum('mutants'),
    killed: sum('killed'),
    equivalent: sum('equivalent'),
    survived: sum('survived'),
  };
}

function scoreOf({ mutants, killed, equivalent }: MachineTally): number {
  return mutants === equivalent ? 1 : killed / (mutants - equivalent);
}

function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const [first = []] = rows;
  return first.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
}

/** Names to the left, numbers to the right. */
function pad(cells: readonly string[], widths: readonly number[]): string[] {
  return cells.map((cell, index) =>
    index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0),
  );
}

/** Only all of them are 100 %. */
function percent(part: number): string {
  return part === 1 ? '100 %' : `${Math.min(Math.round(part * 1_000), 999) / 10} %`;
}
