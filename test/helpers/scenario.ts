/** Plays a scenario with the compiled machine and with XState, which must agree after each of its lines. */
import type { AnyStateMachine } from 'xstate';
import type { MachineEvent } from '../../src/runtime/compile.ts';
import { playScenario } from '../../src/verify/scenario.ts';
import { Lockstep } from './lockstep.ts';
import type { Moment } from './lockstep.ts';

/** The scenario as it really goes; throws where the two differ. */
export function playInLockstep(machine: AnyStateMachine, text: string): string {
  const lockstep = new Lockstep(machine);
  let moment: Moment | undefined;
  const step = (from: Moment | undefined, event: MachineEvent): Moment | undefined =>
    from === undefined ? undefined : lockstep.step(from, event);
  return playScenario(lockstep.compiled, text, {
    onStart: (input) => void (moment = lockstep.start(input)),
    onEvent: (event) => void (moment = step(moment, event)),
  });
}
