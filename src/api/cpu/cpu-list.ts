/** The kernel's way to write a set of CPUs: `0-3,8,10-11`. */

/** More numbers than any machine has mean that the text is something else. */
const largestNumber = 1_000_000;

/** The CPUs in a list, or `undefined` for what is not one, and for an empty one. */
export function parseCpuList(text: string | undefined): ReadonlySet<number> | undefined {
  const trimmed = (text ?? '').trim();
  if (trimmed === '') return undefined;
  const cpus = new Set<number>();
  for (const part of trimmed.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/u.exec(part.trim());
    if (range === null) return undefined;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last > largestNumber) return undefined;
    for (let cpu = first; cpu <= last; cpu += 1) cpus.add(cpu);
  }
  return cpus;
}
