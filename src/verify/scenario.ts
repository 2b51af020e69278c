/**
 * Plays a machine by a text: `input:` starts it, `> event {…}` sends an event, `> after name` lets a timer
 * fire, and under each stands what it led to: `state:`, `context:` (what changed), and in their order
 * `command:` and `timer:`. An event that the state lists in `meta.ignores` leads to `ignored`. Playing
 * gives the text with what really happened.
 */
import type {
  Command,
  CompiledMachine,
  MachineEvent,
  MachineInstance,
  TimerRequest,
} from '../runtime/compile.ts';
import { isRecord } from '../runtime/definition-value.ts';

/** A line that says what happened, and is replaced by what does. */
const outcome = /^(?:(?:state|context|command|timer): .*|ignored)$/u;
const eventLine = /^> (?<type>\S+)(?: (?<rest>\{.*\}))?$/u;
const timerLine = /^> after (?<name>\S+)$/u;
const delayedTransition = /^xstate\.after\.(?<delay>[^.]+)\./u;

/** A scenario of one of several machines. */
export interface Scenario {
  /** The machine it is about. */
  readonly machine: string;
  readonly name: string;
  readonly text: string;
}

/** Whether the machine does what the scenario says. */
export function isPlayedBy(machine: CompiledMachine, { text }: Scenario): boolean {
  try {
    return playScenario(machine, text) === text;
  } catch {
    return false;
  }
}

/** Sees what the machine is about to be given. */
export interface Witness {
  onStart(input: unknown): void;
  onEvent(event: MachineEvent): void;
}

/**
 * The scenario as it really goes: equal to `text` if that is what it says. Throws if it cannot be played: a
 * line that is none, a timer that does not run, or a machine that fails.
 */
export function playScenario(machine: CompiledMachine, text: string, witness?: Witness): string {
  const player = new Player(machine, witness);
  const lines = text.trimEnd().split('\n');
  if (lines[0]?.startsWith('# ') !== true)
    throw new Error('A scenario begins with its title: # What happens');
  const played: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (outcome.test(line)) continue;
    played.push(line);
    try {
      played.push(...player.read(line));
    } catch (error) {
      throw new Error(`Line ${index + 1}, ${line}: ${String(error)}`, { cause: error });
    }
  }
  return `${played.join('\n')}\n`;
}

class Player {
  readonly #machine: CompiledMachine;
  readonly #witness: Witness | undefined;
  readonly #timers = new RunningTimers();
  #instance: MachineInstance | undefined;

  constructor(machine: CompiledMachine, witness: Witness | undefined) {
    this.#machine = machine;
    this.#witness = witness;
  }

  /** What the line leads to. */
  read(line: string): string[] {
    if (line === '' || line.startsWith('# ')) return [];
    if (line.startsWith('input: ')) return this.#start(JSON.parse(line.slice('input: '.length)));
    const { name } = timerLine.exec(line)?.groups ?? {};
    if (name !== undefined) return this.#send(this.#timers.fire(name));
    const { type, rest = '{}' } = eventLine.exec(line)?.groups ?? {};
    if (type === undefined) throw new SyntaxError('neither a comment, `input:`, an event nor an outcome');
    return this.#send({ type, ...recordFrom(JSON.parse(rest)) });
  }

  #start(given: unknown): string[] {
    if (this.#instance !== undefined) throw new SyntaxError('a scenario has one input');
    const input = given ?? undefined;
    this.#witness?.onStart(input);
    const commands: Command[] = [];
    this.#instance = this.#machine.start(input, commands);
    return this.#tell(this.#instance, recordFrom(given), commands);
  }

  #send(event: MachineEvent): string[] {
    const instance = this.#instance;
    if (instance === undefined) throw new SyntaxError('an event before `input: {…}`');
    this.#witness?.onEvent(event);
    const isIgnored = this.#machine.ignores(instance, event);
    const before = { ...instance.context };
    const commands: Command[] = [];
    this.#machine.step(instance, event, commands);
    const lines = this.#tell(instance, before, commands);
    return isIgnored
      ? lines.map((line) => (line.startsWith('command: unexpected') ? 'ignored' : line))
      : lines;
  }

  #tell(
    instance: MachineInstance,
    before: Readonly<Record<string, unknown>>,
    commands: readonly Command[],
  ): string[] {
    const changed = Object.entries(instance.context).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key]),
    );
    return [
      `state: ${this.#machine.stateName(instance)}`,
      ...(changed.length === 0 ? [] : [`context: ${JSON.stringify(Object.fromEntries(changed))}`]),
      ...commands.flatMap((command) => this.#timers.note(command) ?? [describe(command)]),
    ];
  }
}

interface RunningTimer extends TimerRequest {
  /** The delay of an `after`, the id of a timer that has one, or the event it sends. */
  readonly name: string;
}

class RunningTimers {
  #running: RunningTimer[] = [];

  fire(name: string): MachineEvent {
    const timer = this.#running.find((running) => running.name === name);
    if (timer === undefined) {
      const names = this.#running.map((running) => running.name).join(', ');
      throw new Error(`no such timer is running, but: ${names === '' ? 'none' : names}`);
    }
    this.#running = this.#running.filter((running) => running !== timer);
    return timer.event;
  }

  /**
   * How a timer command reads; `undefined` if it is none. To cancel what does not run is not worth a line.
   */
  note({ type, params }: Command): string[] | undefined {
    if (type !== 'setTimer' && type !== 'cancelTimer') return undefined;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as the compiled machine makes them
    const request = params as TimerRequest;
    if (type === 'cancelTimer') return this.#cancel(request.id);
    const { delay } = delayedTransition.exec(request.event.type)?.groups ?? {};
    const name = delay ?? request.id ?? request.event.type;
    this.#cancel(request.id);
    this.#running.push({ ...request, name });
    return [`timer: ${name} in ${request.delayMs} ms`];
  }

  #cancel(id: string | undefined): string[] {
    if (id === undefined) return [];
    const cancelled = this.#running.filter((running) => running.id === id);
    this.#running = this.#running.filter((running) => running.id !== id);
    return cancelled.map(({ name }) => `timer: ${name} cancelled`);
  }
}

function recordFrom(parsed: unknown): Readonly<Record<string, unknown>> {
  return isRecord(parsed) ? parsed : {};
}

function describe({ type, params }: Command): string {
  return params === undefined ? `command: ${type}` : `command: ${type} ${JSON.stringify(params)}`;
}
