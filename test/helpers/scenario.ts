/**
 * Plays a machine by a text: `input:` starts it, `> event {…}` sends an event, `> after name` lets a timer
 * fire, and under each stands what it led to: `state:`, `context:` (what changed), and in their order
 * `command:` and `timer:`. An event that the state lists in `meta.ignores` leads to `ignored`. Playing
 * gives the text with what really happened.
 */
import type { AnyStateMachine } from 'xstate';
import type { Command, MachineEvent, TimerRequest } from '../../src/runtime/compile.ts';
import { Lockstep } from './lockstep.ts';
import type { Moment } from './lockstep.ts';

/** A line that says what happened, and is replaced by what does. */
const outcome = /^(?:(?:state|context|command|timer): .*|ignored)$/u;
const eventLine = /^> (?<type>\S+)(?: (?<rest>\{.*\}))?$/u;
const timerLine = /^> after (?<name>\S+)$/u;
const delayedTransition = /^xstate\.after\.(?<delay>[^.]+)\./u;

/** The scenario as it really goes: equal to `text` if that is what it says. */
export function playScenario(machine: AnyStateMachine, text: string): string {
  const player = new Player(machine);
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
  readonly #lockstep: Lockstep;
  readonly #timers = new RunningTimers();
  #moment: Moment | undefined;

  constructor(machine: AnyStateMachine) {
    this.#lockstep = new Lockstep(machine);
  }

  /** What the line leads to. */
  read(line: string): string[] {
    if (line === '' || line.startsWith('# ')) return [];
    if (line.startsWith('input: ')) return this.#start(JSON.parse(line.slice('input: '.length)));
    const { name } = timerLine.exec(line)?.groups ?? {};
    if (name !== undefined) return this.#send(this.#timers.fire(name));
    const { type, rest = '{}' } = eventLine.exec(line)?.groups ?? {};
    if (type === undefined) throw new SyntaxError('neither a comment, `input:`, an event nor an outcome');
    return this.#send({ type, ...(JSON.parse(rest) as object) });
  }

  #start(input: unknown): string[] {
    if (this.#moment !== undefined) throw new SyntaxError('a scenario has one input');
    return this.#reach(this.#lockstep.start(input ?? undefined), Object(input) as Record<string, unknown>);
  }

  #send(event: MachineEvent): string[] {
    const before = this.#moment;
    if (before === undefined) throw new SyntaxError('an event before `input: {…}`');
    const isIgnored = this.#lockstep.compiled.ignores(before.instance, event);
    const lines = this.#reach(this.#lockstep.step(before, event), before.instance.context);
    return isIgnored
      ? lines.map((line) => (line.startsWith('command: unexpected') ? 'ignored' : line))
      : lines;
  }

  #reach(moment: Moment, contextBefore: Readonly<Record<string, unknown>>): string[] {
    this.#moment = moment;
    const changed = Object.entries(moment.instance.context).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(contextBefore[key]),
    );
    return [
      `state: ${this.#lockstep.compiled.stateName(moment.instance)}`,
      ...(changed.length === 0 ? [] : [`context: ${JSON.stringify(Object.fromEntries(changed))}`]),
      ...moment.commands.flatMap((command) => this.#timers.note(command) ?? [describe(command)]),
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
    if (type === 'cancelTimer') return this.#cancel((params as { id: string }).id);
    if (type !== 'setTimer') return undefined;
    const request = params as TimerRequest;
    const { delay } = delayedTransition.exec(request.event.type)?.groups ?? {};
    const name = delay ?? request.id ?? request.event.type;
    if (request.id !== undefined) this.#cancel(request.id);
    this.#running.push({ ...request, name });
    return [`timer: ${name} in ${request.delayMs} ms`];
  }

  #cancel(id: string): string[] {
    const cancelled = this.#running.filter((running) => running.id === id);
    this.#running = this.#running.filter((running) => running.id !== id);
    return cancelled.map(({ name }) => `timer: ${name} cancelled`);
  }
}

function describe({ type, params }: Command): string {
  return params === undefined ? `command: ${type}` : `command: ${type} ${JSON.stringify(params)}`;
}
