/** The command line of `troupe verify`: its help and its options. */
import { parseArgs } from 'node:util';
import type { Limits } from '../verify/check.ts';
import { UsageError } from './usage-error.ts';

/** What `troupe verify` was asked to do. */
export interface VerifyOptions {
  readonly action: 'check' | 'list' | 'canary' | 'replay' | 'mutate';
  /** Names of scopes or models; empty: all that take seconds. */
  readonly only: readonly string[];
  /** A folder of scenarios that mutants are to play, too. */
  readonly scenarios: string | undefined;
  /** A module that exports models; `undefined`: the pool's own. */
  readonly machine: string | undefined;
  readonly limits: Limits;
  readonly symmetry: boolean;
  readonly reduction: boolean;
  readonly pairs: boolean;
  readonly mermaid: boolean;
  readonly json: boolean;
  /** Where the first counterexample is written. */
  readonly out: string | undefined;
  /** The counterexample to step through. */
  readonly replay: string;
}

/** What `troupe verify --help` says. */
export const verifyHelp = `troupe verify: explore every moment of a system of machines

Usage: troupe verify [options]
       troupe verify --machine ./my-system.js [options]
       troupe verify --replay counterexample.json [--machine ./my-system.js]

Explores every moment that troupe's own machines can reach, pool, workers, tasks and children, within several
scopes: how many there are, what their callers do, and what goes wrong. With --machine it explores yours: the
models that a module exports, made with model() of 'troupe/verify'. Before each run it looks for three planted
mistakes, and does not go on if it misses one.

What to explore
  --scope NAME         only this one, of the pool's scopes or the module's models; may be given again. A scope
                       that takes hours is explored only when it is named
  --machine FILE       the models this module exports
  --list               name what there is to explore, and explore nothing
  --canary             look for the planted mistakes, and for nothing else
  --mutate             put every mutant of the pool's machines through small scopes: some property must notice
                       each of them. With --scope worker (or pool, task, child) those of one machine
  --scenarios FOLDER   with --mutate: a mutant is noticed, too, if it plays a scenario otherwise than it is
                       written. The folder has one for each machine
  --limit-states N     stop after N moments
  --limit-seconds N    stop each search after N seconds
  --no-symmetry        do not take moments that differ only in names for one
  --no-reduction       do not explore independent moves alone

What to say
  --pairs              all figures, with the (state, event) pairs that were never met
  --mermaid            draw a counterexample as a Mermaid sequence diagram, too
  --out FILE           write the first counterexample to a file
  --replay FILE        step through such a file; on a terminal, Enter makes the next step
  --json               write the reports to stdout as JSON; progress goes to stderr
  -h, --help           show this

Exit codes: 0 everything was explored and holds, 1 something is wrong, 2 the command line was not understood,
a machine cannot be explored, or a limit ended a search: then it says what was covered and what was not. So it
does after Ctrl-C, with 130.
`;

const definitions = {
  scope: { type: 'string', multiple: true, default: [] as string[] },
  machine: { type: 'string' },
  list: { type: 'boolean', default: false },
  canary: { type: 'boolean', default: false },
  mutate: { type: 'boolean', default: false },
  scenarios: { type: 'string' },
  'limit-states': { type: 'string' },
  'limit-seconds': { type: 'string' },
  symmetry: { type: 'boolean', default: true },
  reduction: { type: 'boolean', default: true },
  pairs: { type: 'boolean', default: false },
  mermaid: { type: 'boolean', default: false },
  out: { type: 'string' },
  replay: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** Reads what follows `troupe verify`; throws `UsageError`. */
export function readVerifyOptions(commandLine: readonly string[]): VerifyOptions {
  const { list, canary, mutate, replay, scope, given, ...values } = parse(commandLine);
  const chosen = [list, canary, mutate, replay !== undefined].filter(Boolean).length;
  if (chosen > 1) throw new UsageError('--list, --canary, --mutate and --replay exclude each other.');
  const { scenarios, machine, symmetry, reduction, pairs, mermaid, json, out } = values;
  if (scenarios !== undefined && !mutate) throw new UsageError('--scenarios is for --mutate.');
  refuseContradictions(given);
  return {
    action: list ? 'list' : canary ? 'canary' : mutate ? 'mutate' : replay === undefined ? 'check' : 'replay',
    only: scope,
    scenarios,
    machine,
    limits: {
      ...limit('states', '--limit-states', values['limit-states']),
      ...limit('seconds', '--limit-seconds', values['limit-seconds']),
    },
    symmetry,
    reduction,
    pairs,
    mermaid,
    json,
    out,
    replay: replay ?? '',
  };
}

type OptionName = keyof typeof definitions;

/** What means something with each option that says what to do; what is not here goes with exploring only. */
const companions: Readonly<Partial<Record<OptionName, readonly OptionName[]>>> = {
  list: ['scope', 'machine'],
  canary: [],
  mutate: ['scope', 'scenarios', 'json'],
  replay: ['machine'],
};

/** An option that would be passed over in silence is a mistake. */
function refuseContradictions(given: ReadonlySet<string>): void {
  for (const [what, others] of Object.entries<readonly string[]>(companions)) {
    const odd = [...given].find((name) => given.has(what) && name !== what && !others.includes(name));
    if (odd === undefined) continue;
    const rest =
      others.length === 0 ? `--${what} is given alone.` : `--${what} goes with --${others.join(', --')}.`;
    throw new UsageError(`--${what} and --${odd} do not go together. ${rest}`);
  }
  const drawn = ['pairs', 'mermaid'].find((name) => given.has('json') && given.has(name));
  if (drawn !== undefined)
    throw new UsageError(`--json and --${drawn} do not go together: one is for programs, one for people.`);
}

function parse(commandLine: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({
      args: [...commandLine],
      options: definitions,
      allowNegative: true,
      tokens: true,
    });
    return { ...values, given: new Set(tokens.map((token) => (token.kind === 'option' ? token.name : ''))) };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function limit(name: keyof Limits, option: string, given: string | undefined): Limits {
  if (given === undefined) return {};
  const value = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(value) && value >= 1) return { [name]: value };
  throw new UsageError(`${option} is '${given}', but it must be a whole number of 1 or more.`);
}
