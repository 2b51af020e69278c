/** The machine and how busy it was, in one line. */
export function machineLine({ machine, loadBefore, loadAfter }) {
  const { cpu, cores, memoryGiB, node, system } = machine;
  const load = `load average ${loadBefore.join(' ')} before, ${loadAfter.join(' ')} after`;
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB; Node ${node}, ${system}; ${load}.`;
}
