/** The result of a run of mutants in words: for a terminal, and as a table for a page. */
import type { MachineTally, MutationReport } from './mutation-run.ts';

const linesPerMeans = 10;

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
    ...killsByMeans(report),
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
export function mutationTable({ machines }: MutationReport): string {
  const means = meansOf(machines);
  const cells = ({ mutants, means: counts, equivalent, survived }: MachineTally, name: string): string[] => [
    name,
    ...[mutants, ...means.map((each) => counts[each] ?? 0), equivalent, survived].map(String),
  ];
  const rows = machines.map((machine) => cells(machine, `\`${machine.name}\``));
  if (machines.length > 1) rows.push(cells(sumOf(machines, means), 'all'));
  const columns = ['machine', 'mutants', ...means.map((each) => `by ${each}`), 'equivalent', 'survived'];
  const widths = widthsOf([columns, ...rows]);
  const line = (row: readonly string[]): string => `| ${pad(row, widths).join(' | ')} |`;
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

/** A section for each means: what killed most comes first, and what killed few is only counted. */
function killsByMeans({ killed, machines }: MutationReport): string[][] {
  return meansOf(machines).map((means) => {
    const counts = new Map<string, number>();
    for (const { by } of killed.filter((kill) => kill.means === means))
      counts.set(by, (counts.get(by) ?? 0) + 1);
    const sorted = [...counts].toSorted(([, one], [, other]) => other - one);
    const lines = inColumns(sorted.slice(0, linesPerMeans).map(([by, count]) => [by, `${count}`]));
    const left = sorted.length - linesPerMeans;
    return titled(`Killed by ${means}`, left > 0 ? [...lines, `and ${left} more`] : lines);
  });
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function inColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) => pad(row, widths).join('  '));
}

function sumOf(machines: readonly MachineTally[], means: readonly string[]): MachineTally {
  const sum = (count: (machine: MachineTally) => number): number =>
    machines.reduce((total, machine) => total + count(machine), 0);
  return {
    name: 'all',
    mutants: sum(({ mutants }) => mutants),
    killed: sum(({ killed }) => killed),
    means: Object.fromEntries(means.map((each) => [each, sum((machine) => machine.means[each] ?? 0)])),
    equivalent: sum(({ equivalent }) => equivalent),
    survived: sum(({ survived }) => survived),
  };
}

function meansOf(machines: readonly MachineTally[]): string[] {
  return [...new Set(machines.flatMap(({ means }) => Object.keys(means)))];
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
