/** Guesses why a child died from what is left of it, and says what happened and what to do about it. */
import type { LikelyCause } from '../errors.ts';

/** What is known about a child that is no more. */
export interface ExitFacts {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderrTail: string;
  /** The kernel counted a kill for memory in our control group while the child lived. */
  readonly oomKillMoved: boolean;
  /** We killed it because the system had stopped it for too long, or because it did not answer. */
  readonly frozen: boolean;
}

const crashSignals: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGSYS',
  'SIGTRAP',
]);

/** What V8 and C++ print just before they abort. */
const heapExhausted = /(?:heap|process|javascript) (?:out of memory|OOM in)|std::bad_alloc/iu;

/** `abort()` where there are no signals, or through a shell. */
const abortExitCode = 134;

/** Node's own, for flags it does not know. */
const invalidArgumentExitCode = 9;

/** From here on a Windows exit code is an exception's status, such as 0xC0000005 for an access violation. */
const firstWindowsException = 0xc000_0000;

/** The cause as one of five words. */
export function likelyCause(facts: ExitFacts): LikelyCause {
  if (facts.frozen) return 'unresponsive';
  if (crashed(facts)) return heapExhausted.test(facts.stderrTail) ? 'out-of-memory' : 'native-crash';
  if (facts.signal === null) return 'exit';
  return facts.signal === 'SIGKILL' && facts.oomKillMoved ? 'out-of-memory' : 'killed';
}

/** The cause and what to do about it, as two sentences whose subject is "The process". */
export function describeExit(facts: ExitFacts): string {
  const end = facts.signal ?? `exit code ${facts.exitCode ?? 'unknown'}`;
  return descriptions[likelyCause(facts)](facts, end);
}

/** What ended a process that was not ready yet: not a task, but how it was started, or `initialize`. */
export function describeStartExit(facts: ExitFacts): string {
  const { exitCode, stderrTail } = facts;
  const refused = /^.*: (?<what>bad option: .*|.* not allowed in NODE_OPTIONS.*)$/mu.exec(stderrTail);
  if (exitCode === invalidArgumentExitCode && refused !== null) {
    return (
      `Node refused to start (exit code ${exitCode}): ${refused.groups?.['what'] ?? ''}. ` +
      'Correct `execArgv`, or NODE_OPTIONS in the environment of the children (`env`).'
    );
  }
  if (likelyCause(facts) !== 'exit') return `${describeExit(facts)} It ended before it had run any task.`;
  const end = `it ended by itself with exit code ${exitCode ?? 'unknown'} before it had run any task. `;
  if (stderrTail.includes('ERR_ACCESS_DENIED')) {
    return (
      `${end}Node's permission model denied it something (ERR_ACCESS_DENIED): add to \`permissions\` what ` +
      'the end of its stderr names, such as a file that a flag in `execArgv` loads.'
    );
  }
  return (
    `${end}Either \`initialize\`, or a module it imports, called process.exit(); or Node could not start ` +
    'with the `execArgv` and the NODE_OPTIONS it was given. The end of its stderr may tell.'
  );
}

const descriptions: Record<LikelyCause, (facts: ExitFacts, end: string) => string> = {
  'out-of-memory': describeMemory,
  'native-crash': describeCrash,
  exit: describeExitCode,
  unresponsive: () =>
    'The process was stopped (SIGSTOP, a frozen container) for so long that it was given up and killed. ' +
    'Find out who stops processes here.',
  killed: describeKill,
};

function describeMemory(facts: ExitFacts, end: string): string {
  if (facts.signal === 'SIGKILL') {
    return (
      'The process was killed by the kernel because memory ran out (SIGKILL, counted by its cgroup). ' +
      'Use fewer workers (`maxWorkers`), send less data to each task, or raise the memory limit.'
    );
  }
  return (
    `The process ran out of memory (${end}). ` +
    'Raise its heap limit with `resourceLimits: { maxOldGenerationSizeMb }`, or send less data to each task.'
  );
}

function describeCrash(_facts: ExitFacts, end: string): string {
  return (
    `The process crashed in native code (${end}): an add-on, WebAssembly or V8 itself, not an exception. ` +
    'Look at the end of its stderr (`stderrTail`), and at the native modules the task uses.'
  );
}

function describeExitCode(facts: ExitFacts, end: string): string {
  if (facts.exitCode === 0) {
    return (
      `The process ended by itself (${end}) while it had work: something called process.exit(). ` +
      'Return from the task instead.'
    );
  }
  return (
    `The process ended by itself (${end}): something called process.exit(), or Node gave up. ` +
    'Throw from the task instead of exiting, and look at the end of its stderr (`stderrTail`).'
  );
}

function describeKill(facts: ExitFacts, end: string): string {
  if (facts.signal === 'SIGKILL') {
    return (
      `The process was killed from outside (${end}): by a person, a supervisor, or the kernel for memory. ` +
      "Look in the system's log for who did it."
    );
  }
  return (
    `The process was ended from outside (${end}): by a person, a supervisor, or the task itself. ` +
    'Find out who sends this signal to the processes of this program.'
  );
}

function crashed(facts: ExitFacts): boolean {
  if (facts.signal !== null) return crashSignals.has(facts.signal);
  return facts.exitCode === abortExitCode || (facts.exitCode ?? 0) >= firstWindowsException;
}
