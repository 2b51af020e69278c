/** Tells a run to a person: what was done, what went wrong, and how it went. */
import type { Call, Operation } from '../workload/call.ts';
import type { SimulationResult } from './simulate.ts';

const linesShown = 60;

export function storyOf({ scenario, problems, lines, steps, virtualMs }: SimulationResult): string {
  const { pool, initializer, plan, faults, paceMs } = scenario;
  const shown = lines.slice(-linesShown);
  return [
    `The pool: ${JSON.stringify(pool)}${initializer === 'none' ? '' : `, initialized by ${initializer}`}`,
    `What may go wrong: ${faults.join(', ') || 'nothing'}`,
    `What is done to it, up to ${paceMs} ms apart:`,
    ...plan.map((operation, index) => `  ${index + 1}. ${tell(operation)}`),
    `How it went (${steps} events, ${(virtualMs / 1_000).toFixed(1)} s; the last ${shown.length} lines):`,
    ...shown.map((line) => `  ${line}`),
    'What is wrong:',
    ...problems.slice(0, 10).map((problem) => `  ${problem}`),
  ].join('\n');
}

function tell(operation: Operation): string {
  switch (operation.kind) {
    case 'submit':
      return `submit ${tellCall(operation.call)}`;
    case 'ready':
      return `when there is room, submit ${tellCall(operation.call)}`;
    case 'burst':
      return `after ${operation.after}, submit at once: ${operation.calls.map(tellCall).join(', ')}`;
    default: {
      const { kind, ...rest } = operation;
      return `${kind} ${JSON.stringify(rest)}`;
    }
  }
}

function tellCall({ token, fn, size, options }: Call): string {
  const wishes = Object.keys(options).length === 0 ? '' : ` with ${JSON.stringify(options)}`;
  return `${token}: ${fn}(${size})${wishes}`;
}
