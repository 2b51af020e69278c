/**
 * What guards, assigners and params see: the context and the event, as in XState, without its actor
 * system.
 */

export interface MachineEvent {
  readonly type: string;
}

export type Context = Record<string, unknown>;

/** XState also hands out actors here. A definition that reaches for one must fail, not read `undefined`. */
abstract class WithoutActors {
  get self(): never {
    throw new TypeError('A compiled machine has no `self`: ask for what you need with a command.');
  }

  get system(): never {
    throw new TypeError('A compiled machine has no `system`: ask for what you need with a command.');
  }

  get spawn(): never {
    throw new TypeError('A compiled machine cannot `spawn`: ask for what you need with a command.');
  }
}

/** The argument of every guard, assigner and params function. */
export class Facts extends WithoutActors {
  readonly context: Context;
  readonly event: MachineEvent;

  constructor(context: Context, event: MachineEvent) {
    super();
    this.context = context;
    this.event = event;
  }
}

/** The argument of the function that makes the first context. */
export class StartFacts extends WithoutActors {
  readonly input: unknown;

  constructor(input: unknown) {
    super();
    this.input = input;
  }
}
