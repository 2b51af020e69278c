/**
 * Runs any set of compiled machines that speak by `tell`: one mailbox, one event at a time, and no effect
 * inside a transition. It knows no machine by name.
 */
import { channel } from 'node:diagnostics_channel';
import { IdTable } from '../../machines/id-table.ts';
import type { Command, CompiledMachine, MachineEvent, MachineInstance } from './compile.ts';
import { type Clock, systemClock, type Timer } from './timers.ts';

interface Member {
  readonly kind: string;
  readonly id: number;
  readonly machine: CompiledMachine;
  instance: MachineInstance;
  timers: Map<string, Timer> | null;
  isGone: boolean;
}

/** What a system asks of its surroundings. */
export interface SystemHost {
  /** Gives a command its meaning. */
  perform(kind: string, id: number, command: Command): void;
  /** The mailbox is empty. True if more mail was sent. */
  onIdle(): boolean;
  /** Mail to someone who has left, or never was. */
  onLate(kind: string, id: number, event: MachineEvent): void;
  /** A machine got an event that its state does not know. */
  onUnexpected(kind: string, id: number, state: string, event: MachineEvent): void;
}

interface TellParams {
  readonly to: string;
  readonly id: number;
  readonly event: MachineEvent;
}

interface TimerParams {
  readonly id: string | undefined;
  readonly event: MachineEvent;
  readonly delayMs: number;
}

/** Told of every step: what a machine got and what it asks for, before that is performed. */
export type StepListener = (
  kind: string,
  id: number,
  event: MachineEvent,
  commands: readonly Command[],
) => void;

/** Every new system is published here, before it has a machine, for whoever wants to record its steps. */
const systems = channel('troupe:system');

/** The events of each kind of machine. */
type EventMap = Readonly<Record<string, MachineEvent>>;

export class System<Events extends EventMap = EventMap> {
  /**
   * A start is a step too: its event is `xstate.init`, with the input. What the listener is given belongs to
   * the system: copy it, change nothing, and do not throw.
   */
  onStep: StepListener | null = null;
  readonly #machines: ReadonlyMap<string, CompiledMachine>;
  readonly #members = new Map<string, IdTable<Member>>();
  readonly #host: SystemHost;
  readonly #clock: Clock;
  /** Recipient and event by turns. */
  #mail: (Member | MachineEvent)[] = [];
  #isRunning = false;
  #anonymousTimers = 0;

  constructor(
    machines: Readonly<Record<keyof Events, CompiledMachine>>,
    host: SystemHost,
    clock: Clock = systemClock,
  ) {
    this.#machines = new Map(Object.entries(machines));
    for (const kind of this.#machines.keys()) this.#members.set(kind, new IdTable());
    this.#host = host;
    this.#clock = clock;
    if (systems.hasSubscribers) systems.publish(this);
  }

  /** Starts an instance. Its entry commands are performed before this returns. */
  create(kind: keyof Events & string, id: number, input: unknown): void {
    const machine = this.#machines.get(kind);
    if (machine === undefined) throw new TypeError(`No machine is called ${kind}.`);
    const outbox: Command[] = [];
    const member: Member = {
      kind,
      id,
      machine,
      instance: machine.start(input, outbox),
      timers: null,
      isGone: false,
    };
    this.#members.get(kind)?.set(id, member);
    if (this.onStep !== null) this.#reportStart(member, input, outbox);
    this.#empty(outbox, member);
  }

  /** Forgets an instance and its timers. Mail that is still under way to it is dropped. */
  remove(kind: keyof Events & string, id: number): void {
    const members = this.#members.get(kind);
    const member = members?.get(id);
    if (member === undefined) return;
    member.isGone = true;
    members?.delete(id);
    cancelAll(member);
  }

  /** None of an instance's timers will fire. */
  cancelTimers(kind: keyof Events & string, id: number): void {
    const member = this.#members.get(kind)?.get(id);
    if (member !== undefined) cancelAll(member);
  }

  /** Puts an event into the mailbox. It is taken in this turn of `run`, or in the next. */
  tell<Kind extends keyof Events & string>(kind: Kind, id: number, event: Events[Kind]): void {
    this.#send(kind, id, event);
  }

  #send(kind: string, id: number, event: MachineEvent): void {
    const member = this.#members.get(kind)?.get(id);
    if (member === undefined) this.#host.onLate(kind, id, event);
    else this.#mail.push(member, event);
  }

  /**
   * Takes events until nobody has any. Called from inside an effect it does nothing: the outer run goes on.
   */
  run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      do this.#takeAll();
      while (this.#host.onIdle() || this.#mail.length > 0);
    } finally {
      this.#isRunning = false;
    }
  }

  /** The state an instance is in, as a dotted name, or `undefined` if there is none. */
  stateOf(kind: string, id: number): string | undefined {
    const member = this.#members.get(kind)?.get(id);
    return member?.machine.stateName(member.instance);
  }

  /** An instance's context, to read and not to change. */
  contextOf(kind: string, id: number): Readonly<Record<string, unknown>> | undefined {
    return this.#members.get(kind)?.get(id)?.instance.context;
  }

  #takeAll(): void {
    const mail = this.#mail;
    let taken = 0;
    try {
      while (taken < mail.length) {
        taken += 2;
        this.#take(mail[taken - 2] as Member, mail[taken - 1] as MachineEvent);
      }
    } finally {
      // After an effect that threw, what was taken before it does not come again.
      if (taken > 0) this.#mail = taken === mail.length ? [] : mail.slice(taken);
    }
  }

  #take(member: Member, event: MachineEvent): void {
    if (member.isGone) return;
    const outbox: Command[] = [];
    member.machine.step(member.instance, event, outbox);
    if (this.onStep !== null) this.onStep(member.kind, member.id, event, outbox);
    if (outbox.length > 0) this.#empty(outbox, member);
  }

  #reportStart({ kind, id }: Member, input: unknown, outbox: readonly Command[]): void {
    const event = { type: 'xstate.init', input };
    this.onStep?.(kind, id, event, outbox);
  }

  #empty(outbox: readonly Command[], member: Member): void {
    for (const command of outbox) {
      switch (command.type) {
        case 'tell': {
          const letter = command.params as TellParams;
          this.#send(letter.to, letter.id, letter.event);
          break;
        }
        case 'setTimer':
          this.#setTimer(member, command.params as TimerParams);
          break;
        case 'cancelTimer':
          if (member.timers !== null) this.#cancelTimer(member, (command.params as { id: string }).id);
          break;
        case 'unexpected':
          // What a state lists in `meta.ignores` reaches the catch-all too: it may come, and means nothing.
          this.#reportUnexpected(member, { type: (command.params as { event: string }).event });
          break;
        default:
          this.#host.perform(member.kind, member.id, command);
      }
    }
  }

  #reportUnexpected(member: Member, event: MachineEvent): void {
    const { machine, instance, kind, id } = member;
    if (!machine.ignores(instance, event))
      this.#host.onUnexpected(kind, id, machine.stateName(instance), event);
  }

  #setTimer(
    member: Member,
    { id = `anonymous ${++this.#anonymousTimers}`, event, delayMs }: TimerParams,
  ): void {
    if (member.isGone) return;
    this.#cancelTimer(member, id);
    member.timers ??= new Map();
    const timer = this.#clock.after(delayMs, () => {
      member.timers?.delete(id);
      this.#mail.push(member, event);
      this.run();
    });
    member.timers.set(id, timer);
  }

  #cancelTimer(member: Member, id: string): void {
    member.timers?.get(id)?.cancel();
    member.timers?.delete(id);
  }
}

function cancelAll(member: Member): void {
  if (member.timers === null) return;
  for (const timer of member.timers.values()) timer.cancel();
  member.timers = null;
}
