/** The machines of a recorded pool, run again: the same events ask for the same commands. */
import { machines } from '../../machines/index.ts';
import {
  type Command,
  compile,
  type CompiledMachine,
  type MachineEvent,
  type MachineInstance,
} from '../../src/runtime/compile.ts';

const compiled: Readonly<Record<string, CompiledMachine>> = {
  pool: compile(machines.pool),
  worker: compile(machines.worker),
  task: compile(machines.task),
};

export class MachinesReplay {
  readonly #instances = new Map<string, MachineInstance>();

  /** The state a machine is in. */
  stateOf(kind: string, id: number): string | undefined {
    const instance = this.#instances.get(`${kind} ${id}`);
    return instance === undefined ? undefined : compiled[kind]?.stateName(instance);
  }

  contextOf(kind: string, id: number): Readonly<Record<string, unknown>> {
    return this.#instances.get(`${kind} ${id}`)?.context ?? {};
  }

  /** How many of a kind are in a state that begins so. */
  count(kind: string, prefix: string): number {
    return [...this.#instances].filter(
      ([name, instance]) =>
        name.startsWith(`${kind} `) && compiled[kind]?.stateName(instance).startsWith(prefix) === true,
    ).length;
  }

  remove(kind: string, id: number): void {
    this.#instances.delete(`${kind} ${id}`);
  }

  /** Why the step cannot be; `null` if it is what the machine does. */
  step(kind: string, id: number, event: MachineEvent, commands: readonly unknown[]): string | null {
    const machine = compiled[kind];
    if (machine === undefined) return `there is no machine called ${kind}`;
    const name = `${kind} ${id}`;
    const outbox: Command[] = [];
    const instance = this.#instances.get(name);
    if (event.type === 'xstate.init') {
      if (instance !== undefined) return `${name} starts twice`;
      this.#instances.set(name, machine.start(Reflect.get(event, 'input'), outbox));
    } else if (instance === undefined) return `${name} got ${event.type}, and is not there`;
    else machine.step(instance, event, outbox);
    const [asked, recorded] = [plain(outbox), plain(commands)];
    return asked === recorded
      ? null
      : `${name} on ${event.type} asks for ${asked}, and asked for ${recorded}`;
  }
}

/** As it is in a trace. */
const plain = (value: unknown): string => JSON.stringify(value);
