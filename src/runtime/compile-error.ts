/**
 * The error of a definition that cannot be compiled: it names the machine, the state and what is wrong
 * there.
 */
/** Where something stands in a definition, and what that may name. XState's states are such places. */
export interface Site {
  readonly path: readonly string[];
  readonly machine: {
    readonly id: string;
    readonly implementations: {
      readonly actions: unknown;
      readonly guards: unknown;
      readonly delays?: unknown;
    };
  };
}

/**
 * A machine uses something outside the compiled subset of XState. Thrown while compiling, never while
 * running.
 */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  readonly machine: string;
  /** The dotted name of the state; empty for the root. */
  readonly state: string;
  /** What it uses there. */
  readonly problem: string;

  constructor(state: Site, problem: string) {
    const name = state.path.join('.');
    super(
      `Machine '${state.machine.id}' cannot be compiled: ${name === '' ? 'its root' : `state '${name}'`} ` +
        `uses ${problem}. Machines are made of states, guards, assign, raise, after and named commands; ` +
        'everything else belongs to the interpreter of their commands.',
    );
    this.machine = state.machine.id;
    this.state = name;
    this.problem = problem;
  }
}
