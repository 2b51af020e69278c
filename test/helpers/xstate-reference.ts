/**
 * XState itself as the standard a compiled machine is held to: its own `transition`, its actions collected
 * as commands.
 */
import type { AnyActorScope, AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { Command, MachineEvent } from '../../src/runtime/compile.ts';

export interface ReferenceState {
  readonly snapshot: AnyMachineSnapshot;
  /** The dotted name of the atomic state. */
  readonly state: string;
  readonly context: Record<string, unknown>;
}

export interface ReferenceTurn extends ReferenceState {
  readonly commands: readonly Command[];
  readonly taken: boolean;
}

interface ExecutedAction {
  readonly type: string;
  readonly params: unknown;
}

export class XStateReference {
  readonly #machine: AnyStateMachine;
  readonly #scope: AnyActorScope;
  #executed: ExecutedAction[] = [];
  #taken = false;

  constructor(machine: AnyStateMachine) {
    this.#machine = machine;
    // One scope for all turns, which executes nothing: the public `transition()` makes an actor per call.
    const inert = {
      self: {},
      system: {
        _sendInspectionEvent: (report: Record<string, unknown>): void => {
          const transitions = report['_transitions'];
          if (Array.isArray(transitions) && transitions.length > 0) this.#taken = true;
        },
      },
      defer: (): void => {},
      actionExecutor: ({ type, params }: ExecutedAction): void => {
        this.#executed.push({ type, params });
      },
    };
    this.#scope = inert as unknown as AnyActorScope;
  }

  start(input: unknown): ReferenceTurn {
    return this.#turn(() => this.#machine.getInitialSnapshot(this.#scope, input));
  }

  /** A machine that has ended takes no events, as an actor that has ended would not. */
  step(from: ReferenceState, event: MachineEvent): ReferenceTurn {
    if (from.snapshot.status !== 'active') return { ...from, commands: [], taken: false };
    return this.#turn(() => this.#machine.transition(from.snapshot, event, this.#scope));
  }

  accepts({ snapshot }: ReferenceState, event: MachineEvent): boolean {
    if (snapshot.status !== 'active') return false;
    const [transition] = this.#machine.getTransitionData(snapshot, event);
    return transition !== undefined && transition.eventType !== '*';
  }

  #turn(run: () => AnyMachineSnapshot): ReferenceTurn {
    this.#executed = [];
    this.#taken = false;
    const snapshot = run();
    if (snapshot.status === 'error') throw snapshot.error;
    return {
      snapshot,
      state: nameOf(snapshot.value),
      context: snapshot.context as Record<string, unknown>,
      commands: this.#executed.flatMap(toCommand),
      taken: this.#taken,
    };
  }
}

function toCommand({ type, params }: ExecutedAction): Command[] {
  if (type === 'xstate.cancel') {
    const { sendId } = params as { sendId: string };
    return [{ type: 'cancelTimer', params: { id: sendId } }];
  }
  if (type !== 'xstate.raise') return [{ type, params }];
  const { id, event, delay } = params as { id?: string; event: MachineEvent; delay?: number };
  // Without a delay XState has handled the event itself; one that never ends is no timer.
  if (typeof delay !== 'number' || !Number.isFinite(delay)) return [];
  return [{ type: 'setTimer', params: { id, event, delayMs: delay } }];
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [entry] = Object.entries(value as Record<string, unknown>);
  if (entry === undefined) return '';
  const [key, inner] = entry;
  return `${key}.${nameOf(inner)}`;
}
